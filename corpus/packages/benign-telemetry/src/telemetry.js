import os from 'node:os';
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const disabled = Boolean(process.env.DO_NOT_TRACK || process.env.TOOL_TELEMETRY_DISABLED);

export async function record(event, properties = {}) {
  if (disabled) return;
  const body = JSON.stringify({
    event,
    properties,
    meta: { platform: os.platform(), arch: os.arch(), cpus: os.cpus().length, node: process.version, version },
  });
  try {
    await fetch('https://telemetry.tool.example/v1/record', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(2000),
    });
  } catch {
    // Never get in the way of the command.
  }
}
