// `bun run build`: builds once, whatever was built before.

import { build } from './lib/build'

const { version, workerBytes, assets } = await build({ force: true })
console.log(`Built ${version}: dist/worker.js (${Math.round(workerBytes / 1024)} kB), ${assets} static files.`)
