// Compiles the styles and copies the staff fonts and scripts into platform/owso/static/dist.
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { compileAsync } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../..");
const packages = join(root, "node_modules");
const dist = join(here, "../static/dist");

const COPIES = [
  ["@fontsource/noto-sans-khmer/files/noto-sans-khmer-khmer-400-normal.woff2", "khmer-400.woff2"],
  ["@fontsource/noto-sans-khmer/files/noto-sans-khmer-khmer-700-normal.woff2", "khmer-700.woff2"],
  ["@fontsource/noto-sans-khmer/LICENSE", "khmer-font-licence.txt"],
  ["htmx.org/dist/htmx.min.js", "htmx.min.js"],
];

async function style(name) {
  const { css } = await compileAsync(join(here, `scss/${name}.scss`), {
    style: "compressed",
    loadPaths: [packages],
    quietDeps: true,
    // The Ministry of Justice styles name their dependency from node_modules downwards.
    importers: [{ findFileUrl: (url) => url.startsWith("node_modules/") ? new URL(url, pathToFileURL(root + "/")) : null }],
  });
  await writeFile(join(dist, `${name}.css`), css);
  console.log(`${name}.css ${css.length} bytes, ${gzipSync(css).length} gzipped`);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([
  style("public"),
  style("staff"),
  ...["staff.js", "passkeys.js", "documents.js"].map((name) => copyFile(join(here, name), join(dist, name))),
  ...COPIES.map(([from, to]) => copyFile(join(packages, from), join(dist, to))),
]);
