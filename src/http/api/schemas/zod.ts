// Zod for every schema of the API. Workers forbid eval, so zod must not compile its validators.

import { z } from '@hono/zod-openapi'

z.config({ jitless: true })

export { z }
