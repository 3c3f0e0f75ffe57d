// The renderer's composition root: theme, client, and which window this is.
import '@fontsource/roboto/400.css';
import '@fontsource/roboto/500.css';
import '@fontsource/roboto/700.css';
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Notices } from './app/notices.tsx';
import { followHost } from './client/store.ts';
import { pageForHash } from './pages/registry.tsx';
import { theme } from './theme/theme.ts';

followHost();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ThemeProvider theme={theme} defaultMode="system">
        <CssBaseline />
        {pageForHash(location.hash)}
        <Notices />
      </ThemeProvider>
    </StrictMode>,
  );
}
window.addEventListener('hashchange', () => location.reload());
