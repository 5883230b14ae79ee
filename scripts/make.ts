// `npm run assets` and `npm run build`: makes the assets or the page where their sources have changed.
import { ensureAssets, ensurePage } from './lib/build.ts';
import { oneOf, runCommand } from './lib/command.ts';

const makers = { assets: ensureAssets, page: ensurePage };

await runCommand({
  usage: 'tsx scripts/make.ts assets|page',
  options: {},
  positionals: 1,
  async run(_, [what = '']) {
    await makers[oneOf('what', ['assets', 'page'], what)]();
    return 0;
  },
});
