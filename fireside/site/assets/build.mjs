// `make assets`: builds what the browser gets from npm into static/vendor and static/i.svg, and writes down the hash of
// everything that went in, so that a test sees a stale build without Node.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const here = new URL('.', import.meta.url).pathname
const root = new URL('../../../', import.meta.url).pathname
const out = new URL('../static/', import.meta.url).pathname
mkdirSync(out + 'vendor', { recursive: true })

await build({
  entryPoints: [here + 'echarts.mjs'], outfile: out + 'vendor/echarts.js', bundle: true, minify: true, format: 'iife', target: 'es2017',
  legalComments: 'none', banner: { js: '/* Apache ECharts, Apache-2.0, echarts.apache.org; only the parts listed in assets/echarts.mjs */' },
})
copyFileSync(root + 'node_modules/htmx.org/dist/htmx.min.js', out + 'vendor/htmx.js')
copyFileSync(root + 'node_modules/axe-core/axe.min.js', here + '../tests/axe.js') // only the tests read it

const names = readFileSync(here + 'icons.txt', 'utf8').split('\n').map(line => line.trim()).filter(Boolean)
const symbols = names.map(name => {
  const file = readFileSync(`${root}node_modules/lucide-static/icons/${name}.svg`, 'utf8')
  const inside = file.slice(file.indexOf('>', file.indexOf('<svg')) + 1, file.lastIndexOf('</svg>')).replace(/\s+/g, ' ').trim()
  return `<symbol id="${name}" viewBox="0 0 24 24">${inside}</symbol>`
})
writeFileSync(out + 'i.svg', `<!-- Lucide icons, ISC licence, lucide.dev -->\n<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('\n')}</svg>\n`)

const hash = path => createHash('sha256').update(readFileSync(path)).digest('hex')
const inputs = Object.fromEntries(
  ['package.json', 'package-lock.json', ...['build.mjs', 'echarts.mjs', 'icons.txt'].map(n => 'fireside/site/assets/' + n)].map(p => [p, hash(root + p)]),
)
const built = Object.fromEntries(['static/vendor/echarts.js', 'static/vendor/htmx.js', 'static/i.svg', 'tests/axe.js'].map(p => ['fireside/site/' + p, hash(out + '../' + p)]))
writeFileSync(here + 'built.json', JSON.stringify({ inputs, built }, null, 1) + '\n')
