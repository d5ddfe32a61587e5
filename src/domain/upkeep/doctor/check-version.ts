import { buildInfo } from '#base/core/build-info.ts';
import { compareVersions, isVersion } from '#base/core/versions.ts';
import { readUpdateRecord } from '#domain/upkeep/update-record.ts';
import { type Finding, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';

/** Whether this is the newest version that was announced, and whether the server runs it. */
export function checkVersion({ config, server }: Patient): Finding[] {
  const { version } = buildInfo;
  const found: Finding[] = [];
  if (server !== null && server.version !== version) {
    const text = `The server runs version ${server.version}, this executable is ${version}.`;
    found.push(warn('version.running', text, 'Start the server again with this executable.'));
  }
  const { seen, run } = readUpdateRecord(config.data);
  if (seen !== null && isVersion(seen.version) && compareVersions(seen.version, version) > 0) {
    const text = `Version ${seen.version} is out, this is ${version}.`;
    found.push(warn('version', text, 'tintype update tries it on a copy first.'));
  } else found.push(fine('version', `This is version ${version}.`));
  if (run?.detail && /fail|back/i.test(run.detail)) {
    found.push(warn('version.update', `The last update: ${run.detail}`, 'tintype update --check'));
  }
  return found;
}
