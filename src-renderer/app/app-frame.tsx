// What every window has around its page: theme, size and language from the preferences, a net for errors, notices.
import CssBaseline from '@mui/material/CssBaseline';
import GlobalStyles from '@mui/material/GlobalStyles';
import { ThemeProvider, useColorScheme } from '@mui/material/styles';
import { type ReactElement, type ReactNode, useEffect, useMemo } from 'react';
import { useHost } from '../client/store.ts';
import { useLanguage } from '../i18n/text.ts';
import { themeFor } from '../theme/theme.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Notices } from './notices.tsx';

const SCALE = 'ospite.uiScalePercent';

export function AppFrame({ children }: { children: ReactNode }): ReactElement {
  const preferred = useHost((host) => host.preferences?.uiScalePercent);
  // The last known size is used until the preferences have arrived: nothing jumps.
  const percent = preferred ?? (Number(localStorage.getItem(SCALE)) || 100);
  const theme = useMemo(() => themeFor(percent / 100), [percent]);
  const language = useLanguage();
  useEffect(() => {
    localStorage.setItem(SCALE, String(percent));
  }, [percent]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <ThemeProvider theme={theme} defaultMode="system">
      <CssBaseline />
      <GlobalStyles styles={{ html: { fontSize: `${percent}%`, height: '100%' }, 'body, #root': { height: '100%' } }} />
      <ColourScheme />
      <ErrorBoundary>{children}</ErrorBoundary>
      <Notices />
    </ThemeProvider>
  );
}

/** Light, dark or the system's, as preferred. */
function ColourScheme(): null {
  const preferred = useHost((host) => host.preferences?.theme);
  const { setMode } = useColorScheme();
  useEffect(() => {
    if (preferred) setMode(preferred);
  }, [preferred, setMode]);
  return null;
}
