// Open every page of a site folder in headless Chromium and print, as JSON, what axe-core finds
// against WCAG 2.2 AA, what a page asks for beyond itself, and what does not fit its width.
//   node scan.mjs CHROMIUM SITE_FOLDER
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const NARROWEST = 320; // WCAG 1.4.10, reflow
const WAYS = ["light", "dark"].flatMap((scheme) => [390, 1280].map((width) => ({ scheme, width })));

async function scan(page, file, { scheme, width }) {
  const address = pathToFileURL(join(folder, file)).href;
  const asked = [];
  const note = (request) => asked.push(request.url());
  page.on("request", note);
  await page.setViewportSize({ width, height: 900 });
  await page.goto(address);
  // What lies in closed details is part of the page.
  await page.evaluate(() => document.querySelectorAll("details").forEach((e) => (e.open = true)));
  await page.evaluate(axe);
  const found = await page.evaluate(
    (tags) => globalThis.axe.run({ runOnly: tags, resultTypes: ["violations"] }),
    WCAG,
  );
  await page.setViewportSize({ width: Math.min(width, NARROWEST), height: 900 });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  page.off("request", note);
  return {
    file,
    scheme,
    width,
    passes: found.passes.length,
    violations: found.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map((node) => node.target.join(" ")),
    })),
    requests: asked.filter((url) => url !== address && !url.startsWith("data:")),
    overflow,
  };
}

const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith(".html"))
  .sort();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const results = [];
for (const way of WAYS) {
  const context = await browser.newContext({ colorScheme: way.scheme });
  const page = await context.newPage();
  for (const file of files) results.push(await scan(page, file, way));
  await context.close();
}
await browser.close();
console.log(JSON.stringify(results));
