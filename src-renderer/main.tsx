// The renderer's composition root: client, frame, and which window this is.
import '@fontsource/roboto/400.css';
import '@fontsource/roboto/500.css';
import '@fontsource/roboto/700.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AppFrame } from './app/app-frame.tsx';
import { followSamples } from './client/samples.ts';
import { followHost } from './client/store.ts';
import { PageForAddress } from './pages/registry.tsx';

followHost();
followSamples();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <AppFrame>
        <PageForAddress />
      </AppFrame>
    </StrictMode>,
  );
}
