// What works on this host, what does not, and why; as a page, and as a text to paste into a question.
import CheckCircleIcon from '@mui/icons-material/CheckCircleOutlined';
import ContentCopyIcon from '@mui/icons-material/ContentCopy';
import ErrorIcon from '@mui/icons-material/ErrorOutlineOutlined';
import RefreshIcon from '@mui/icons-material/Refresh';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import LinearProgress from '@mui/material/LinearProgress';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, useCallback, useEffect, useState } from 'react';
import type { DoctorCheck } from '../../../src-main/contract/methods/host.ts';
import { copyText } from '../../app/clipboard.ts';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { Pane } from '../../components/pane.tsx';
import { useText } from '../../i18n/text.ts';
import { doctorReport, summaryOf } from './report.ts';

const icons = { ok: <CheckCircleIcon />, limited: <WarningIcon />, missing: <ErrorIcon /> };
const colours = { ok: 'success.main', limited: 'warning.main', missing: 'error.main' };

export function DoctorPage(): ReactElement {
  const { common, panes } = useText();
  const text = panes.doctor;
  const info = useHost((host) => host.info);
  const isConnected = useHost((host) => host.connection === 'open');
  const [checks, setChecks] = useState<DoctorCheck[] | null>(null);
  const [problem, setProblem] = useState('');
  const [isCopied, setIsCopied] = useState(false);
  const run = useCallback(() => {
    setChecks(null);
    setProblem('');
    setIsCopied(false);
    client.call('host.doctor', {}).then(
      (found) => setChecks(found.checks),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  }, []);
  useEffect(() => {
    if (isConnected) run();
  }, [run, isConnected]);
  const report = checks && info ? doctorReport(info, checks) : null;
  return (
    <Pane
      label={text.title}
      menu={text.menu}
      actions={[
        { title: text.runAgain, icon: <RefreshIcon />, keys: ['F5'], run },
        {
          title: isCopied ? common.copied : text.copyReport,
          icon: <ContentCopyIcon />,
          keys: ['Ctrl+Shift+C'],
          refusal: report === null ? text.running : undefined,
          run: () =>
            void attempt(async () => {
              await copyText(report ?? '');
              setIsCopied(true);
            }),
        },
      ]}
    >
      {!checks && problem === '' && <LinearProgress aria-label={text.running} />}
      <Box
        role="group"
        aria-label={text.checks}
        tabIndex={0}
        sx={{ flex: 1, minHeight: 0, overflow: 'auto', p: 2, outlineOffset: -2 }}
      >
        <Stack spacing={1.5} sx={{ maxWidth: 860 }}>
          {problem !== '' && <Alert severity="error">{problem}</Alert>}
          {checks && info && (
            <Paper variant="outlined" sx={{ p: 2, bgcolor: 'background.default' }}>
              <Typography variant="h6" component="h2">
                {text.summary[summaryOf(info)]}
              </Typography>
              <Typography variant="body2" color="textSecondary" sx={{ mt: 0.5 }}>
                {text.counts(
                  checks.filter(({ status }) => status === 'ok').length,
                  checks.filter(({ status }) => status === 'limited').length,
                  checks.filter(({ status }) => status === 'missing').length,
                )}
              </Typography>
            </Paper>
          )}
          {checks?.map((check) => (
            <Check key={check.id} check={check} />
          ))}
        </Stack>
      </Box>
    </Pane>
  );
}

function Check({ check }: { check: DoctorCheck }): ReactElement {
  const { common, panes } = useText();
  const text = panes.doctor;
  return (
    <Paper variant="outlined" component="section" aria-label={check.title} sx={{ p: 2, display: 'flex', gap: 1.5 }}>
      <Box sx={{ color: colours[check.status], display: 'flex' }} aria-hidden>
        {icons[check.status]}
      </Box>
      <Box sx={{ minWidth: 0, flex: 1 }}>
        <Typography variant="subtitle1" component="h3" sx={{ fontWeight: 500, lineHeight: 1.4 }}>
          {check.title}
          <Typography component="span" variant="body2" color="textSecondary">
            {' · '}
            {text.statuses[check.status]}
          </Typography>
        </Typography>
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
          {check.explanation}
        </Typography>
        {check.remedy !== '' && (
          <Stack direction="row" spacing={1} sx={{ mt: 1, alignItems: 'flex-start' }}>
            <Typography
              component="pre"
              variant="body2"
              sx={{
                m: 0,
                px: 1.25,
                py: 0.75,
                borderRadius: 1,
                bgcolor: 'action.hover',
                fontFamily: 'monospace',
                whiteSpace: 'pre-wrap',
                overflowWrap: 'anywhere',
                minWidth: 0,
                userSelect: 'text',
              }}
            >
              {check.remedy}
            </Typography>
            <Tooltip title={common.copy}>
              <IconButton
                size="small"
                aria-label={`${common.copy}: ${check.title}`}
                onClick={() => void attempt(() => copyText(check.remedy))}
              >
                <ContentCopyIcon fontSize="small" />
              </IconButton>
            </Tooltip>
          </Stack>
        )}
      </Box>
    </Paper>
  );
}
