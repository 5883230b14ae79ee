// `npm start`: builds the page where needed and serves it on this machine. PORT chooses where; 4173 by default.
import { ensurePage } from './lib/build.ts';
import { productHeaders } from './lib/headers.ts';
import { serve } from './lib/static-server.ts';

const port = Number(process.env.PORT ?? 4173);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`PORT: expected a number from 0 to 65535, got ${process.env.PORT}.`);
  process.exit(1);
}
const server = await serve({ mounts: [{ prefix: '/', folder: await ensurePage() }], headers: productHeaders, port });
console.log(`Winnow is at ${server.url} (Ctrl+C stops it)`);
