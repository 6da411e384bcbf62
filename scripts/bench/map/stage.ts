// What the map's bench stands on: the page, built and served on a free port, and a headless Chromium that has opened it.

import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

const ROOT = join(import.meta.dir, '../../..')
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const STYLES = ['views/styles/tokens.css', 'views/styles/vehicles.css', 'node_modules/leaflet/dist/leaflet.css']

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Vehicles</title>
<link rel="stylesheet" href="/page.css"><body><div id="map"></div><script type="module" src="/page.js"></script>`
const FULL = 'body { margin: 0 } #map { position: fixed; inset: 0; background: var(--land) }'

export type MapStage = { page: Page; close(): Promise<void> }

/** 1440 × 900, as a tower's screen shows its map at most. */
export async function openMapStage(): Promise<MapStage> {
  const files = await pageFiles()
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }) => {
      const file = files[new URL(url).pathname]
      return file
        ? new Response(file.body, { headers: { 'content-type': file.type } })
        : new Response('', { status: 404 })
    },
  })
  const browser: Browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: FLAGS,
  })
  const close = async () => {
    await browser.close()
    await server.stop(true)
  }
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(String(server.url))
    await page.waitForFunction('typeof window.run === "function"')
    return { page, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Served = Record<string, { body: string; type: string }>

async function pageFiles(): Promise<Served> {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, 'page', 'page.ts')],
    target: 'browser',
    minify: true,
    throw: false,
  })
  if (!built.success) throw new Error(`The bench's page does not build:\n${built.logs.map(String).join('\n')}`)
  const styles = await Promise.all(STYLES.map((path) => Bun.file(join(ROOT, path)).text()))
  return {
    '/': { body: HTML, type: 'text/html' },
    '/page.js': { body: (await built.outputs[0]?.text()) ?? '', type: 'text/javascript' },
    '/page.css': { body: [...styles, FULL].join('\n'), type: 'text/css' },
  }
}
