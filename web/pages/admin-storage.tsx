import type { AdminStorage as Storage } from '#doors/entities/page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import { DateText } from '#web/components/date.tsx';
import { GrowthChart } from '#web/components/growth-chart.tsx';
import { Notice } from '#web/components/notice.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { StorageMeter } from '#web/components/storage-meter.tsx';
import { admin as words } from '#web/text/admin.ts';
import { storage as more } from '#web/text/storage.ts';

function Disk({ storage }: { storage: Storage }) {
  return (
    <Section title={words.disk}>
      {storage.diskFreeBytes <= storage.minFreeBytes && <Notice kind="problem" text={words.low} />}
      <dl class="numbers">
        <div>
          <dt>{words.used}</dt>
          <dd>{bytesText(storage.total.usedBytes)}</dd>
        </div>
        <div>
          <dt>{words.free}</dt>
          <dd>{bytesText(storage.diskFreeBytes)}</dd>
        </div>
        <div>
          <dt>{words.reserve}</dt>
          <dd>{bytesText(storage.minFreeBytes)}</dd>
        </div>
      </dl>
      <StorageMeter storage={storage.total} detail />
    </Section>
  );
}

function Kinds({ kinds }: { kinds: Storage['kinds'] }) {
  return (
    <Section title={more.kinds}>
      <dl class="vitals">
        {kinds.map(({ kind, bytes, files }) => (
          <div class="vital" key={kind}>
            <dt>{more.kindNames[kind] ?? kind}</dt>
            <dd class="number">
              {bytesText(bytes)} <span class="small soft">{more.files(files)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Bucket({ bucket }: { bucket: NonNullable<Storage['bucket']> }) {
  const { label, home, placed, unplaced, limitBytes } = bucket;
  const text = home === 'bucket' ? more.lives(label) : more.back(label);
  const rows = [
    [more.there, placed],
    [more.copies(bytesText(limitBytes)), { files: placed.localFiles, bytes: placed.localBytes }],
    [more.here, unplaced],
  ] as const;
  return (
    <Section title={more.bucket}>
      <p>{text}</p>
      <dl class="vitals">
        {rows.map(([name, { files, bytes }]) => (
          <div class="vital" key={name}>
            <dt>{name}</dt>
            <dd class="number">
              {bytesText(bytes)} <span class="small soft">{more.files(files)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Jobs({ csrf, storage }: { csrf: string; storage: Storage }) {
  return (
    <Section title={words.jobs}>
      <p>{`${words.waiting}: ${storage.waitingJobs}`}</p>
      <h3>{words.dead}</h3>
      {storage.deadJobs.length === 0 ? (
        <p class="soft">{words.deadEmpty}</p>
      ) : (
        <ul class="rows">
          {storage.deadJobs.map((job) => (
            <li class="row spread" key={job.id}>
              <div>
                <p class="code">{job.kind}</p>
                <p class="small soft">
                  {`${job.error} (${words.attempts(job.attempts)}, `}
                  <DateText at={job.at} recent />)
                </p>
              </div>
              <PostButton
                action={`/admin/jobs/${encodeURIComponent(job.id)}/retry`}
                csrf={csrf}
                label={words.retry}
                icon="retry"
                small
              />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** POST /admin/jobs/ID/retry {csrf}. */
export function AdminStorage({ csrf, storage }: { csrf: string; storage: Storage }) {
  return (
    <>
      <Disk storage={storage} />
      <Section title={more.growth}>
        <GrowthChart days={storage.days} />
      </Section>
      {storage.bucket !== null && <Bucket bucket={storage.bucket} />}
      {storage.kinds.length > 0 && <Kinds kinds={storage.kinds} />}
      <Section title={words.perAccount}>
        <ul class="rows">
          {storage.accounts.map((row) => (
            <li class="stack" key={row.id}>
              <p>{row.displayName || row.username}</p>
              <StorageMeter storage={row.storage} />
            </li>
          ))}
        </ul>
      </Section>
      <Jobs csrf={csrf} storage={storage} />
    </>
  );
}
