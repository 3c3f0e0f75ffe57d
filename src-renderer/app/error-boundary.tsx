// Where a part of the window fails to draw itself: says so in its place, with a report to copy, instead of a blank page.
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { Component, type ErrorInfo, type ReactElement, type ReactNode } from 'react';
import { attempt, useHost } from '../client/store.ts';
import { currentText } from '../i18n/text.ts';
import { copyText } from './clipboard.ts';

interface State {
  report: string | null;
}

export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { report: null };

  static getDerivedStateFromError(error: unknown): State {
    return { report: reportOf(error) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    this.setState({ report: `${reportOf(error)}\n${info.componentStack ?? ''}` });
  }

  override render(): ReactNode {
    const { report } = this.state;
    return report === null ? (
      this.props.children
    ) : (
      <Failure report={report} onRetry={() => this.setState({ report: null })} />
    );
  }
}

function Failure({ report, onRetry }: { report: string; onRetry(): void }): ReactElement {
  const text = currentText().common.failure;
  return (
    <Box sx={{ p: 2, overflow: 'auto', maxHeight: '100%' }}>
      <Alert severity="error">
        <AlertTitle>{text.title}</AlertTitle>
        {text.text}
        <Box
          component="pre"
          tabIndex={0}
          sx={{ fontSize: 12, maxHeight: 240, overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {report}
        </Box>
        <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
          <Button size="small" variant="contained" onClick={onRetry}>
            {text.retry}
          </Button>
          <Button size="small" variant="outlined" onClick={() => void attempt(() => copyText(report))}>
            {text.copy}
          </Button>
          <Button size="small" onClick={() => location.reload()}>
            {text.reload}
          </Button>
        </Box>
      </Alert>
    </Box>
  );
}

function reportOf(error: unknown): string {
  const { info } = useHost.getState();
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [`Ospite ${info?.version ?? ''} ${info?.platform ?? ''}`, navigator.userAgent, location.hash, what].join('\n');
}
