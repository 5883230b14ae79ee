// The page in its tab, which works or watches. Workers come from outside: real ones, or a test's.
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { openTab, type Tab } from './notebook/tabs/tab.ts';
import { App } from './ui/App.tsx';
import { DocumentProvider } from './ui/DocumentProvider.tsx';
import { preloadCharts } from './ui/run/LiveChart.tsx';
import { type Services, ServicesContext } from './ui/services.ts';
import { startTheme } from './ui/shell/theme.ts';
import { watch } from './watching.ts';
import { type Workers, work } from './working.ts';
import '@fontsource-variable/source-sans-3/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import '@fontsource-variable/source-serif-4/wght-italic.css';
import '@fontsource-variable/source-code-pro/wght.css';
import './ui/theme.css';
import './ui/base.css';

export async function openPage(element: HTMLElement, spawn: Workers): Promise<void> {
  startTheme();
  const tab = await openTab({ locks: navigator.locks, channel: new BroadcastChannel('winnow') });
  const hasWatched = tab.getState().type === 'watches';
  if (hasWatched) await watchUntilOwn(element, tab);
  const services = await work(tab, spawn);
  draw(element, services);
  if (hasWatched) setTimeout(() => services.announcements.say('Winnow works in this tab now.'), 500);
  setTimeout(preloadCharts, 1500);
  tab.subscribe(({ type }) => {
    if (type === 'left') location.reload(); // and watches: nothing of the engine stays behind
  });
}

/** What is shown is then read afresh, by stores that may write. */
async function watchUntilOwn(element: HTMLElement, tab: Tab): Promise<void> {
  const end = new AbortController();
  const root = draw(element, await watch(tab, end.signal));
  await isOwn(tab);
  end.abort();
  root.unmount();
}

const isOwn = (tab: Tab): Promise<void> =>
  new Promise((resolve) => {
    const check = () => tab.getState().type === 'works' && resolve();
    tab.subscribe(check);
    check();
  });

function draw(element: HTMLElement, services: Services): Root {
  const root = createRoot(element);
  root.render(
    <StrictMode>
      <ServicesContext value={services}>
        <DocumentProvider>
          <App />
        </DocumentProvider>
      </ServicesContext>
    </StrictMode>,
  );
  return root;
}
