// Answers requests of our own scheme with the renderer's files.
import { CONTENT_SECURITY_POLICY } from '../api/security-headers.ts';
import { readStaticFile } from '../api/static-files.ts';

export async function servePage(address: string, folder: string): Promise<Response> {
  const url = new URL(address);
  const file = url.host === 'app' ? await readStaticFile(folder, url.pathname) : null;
  if (!file) return new Response('Not found', { status: 404 });
  return new Response(new Uint8Array(file.content), {
    headers: {
      'Content-Type': file.type,
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
