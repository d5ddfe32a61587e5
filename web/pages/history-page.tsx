import type { PostHistoryPage } from '#doors/entities/page-types.ts';
import { postPath } from '#web/client/address.ts';
import { DateText } from '#web/components/date.tsx';
import { Html } from '#web/components/html.tsx';
import { posts as words } from '#web/text/posts.ts';

type Version = PostHistoryPage['versions'][number];

function VersionEntry({ version, current }: { version: Version; current: boolean }) {
  return (
    <li class="version">
      <h2>
        {current && `${words.current}: `}
        <DateText at={version.at} />
      </h2>
      {version.spoiler !== '' && <p class="soft">{`${words.warning}: ${version.spoiler}`}</p>}
      <Html className="caption" html={version.captionHtml} />
      {version.altTexts.some((alt) => alt !== '') && (
        <details class="more">
          <summary>{words.described}</summary>
          <ol class="small">
            {version.altTexts.map((alt) => (
              <li key={alt}>{alt}</li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

/** `/@name/ID/history`: what a post has said before. */
export function HistoryPage({ props }: { props: PostHistoryPage }) {
  return (
    <div class="inset">
      <div class="page-head">
        <h1>{words.historyTitle}</h1>
        <a href={postPath(props.post)}>{words.backToPost}</a>
      </div>
      <p class="soft">{words.historyLead}</p>
      <ol class="plain">
        {props.versions.map((version, at) => (
          <VersionEntry key={version.at} version={version} current={at === 0} />
        ))}
      </ol>
    </div>
  );
}
