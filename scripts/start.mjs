// `npm start`: brings Bun and the packages, then hands over to start.ts. Node's own modules only.

import { join } from 'node:path'
import { become, bootstrap, ROOT } from './lib/bootstrap.mjs'

become(bootstrap(), [join(ROOT, 'scripts', 'start.ts'), ...process.argv.slice(2)])
