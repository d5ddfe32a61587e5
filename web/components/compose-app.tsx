import { useEffect, useReducer, useState } from 'preact/hooks';
import type { ComposeLimits } from '#doors/entities/page-types.ts';
import { captionLength } from '#web/client/caption.ts';
import type { Composer } from '#web/client/composer.ts';
import { isEmptyDraft } from '#web/client/draft.ts';
import { pendingBytes, publishObstacle } from '#web/client/queue.ts';
import { composing as words } from '#web/text/composing.ts';
import { later } from '#web/text/later.ts';
import { ComposeDrop, ComposeList } from './compose-photos.tsx';
import { ComposeWords } from './compose-words.tsx';
import { CropSource } from './crop-source.tsx';
import { Notice } from './notice.tsx';
import { StorageMeter } from './storage-meter.tsx';

type Props = {
  composer: Composer;
  limits: ComposeLimits;
  restored: boolean;
  problem: string | null;
  onPublished: (address: string) => void;
};

const sentences = {
  needPhoto: words.needPhoto,
  stillUploading: words.stillUploading,
  someFailed: words.someFailed,
  altRequired: words.altRequired,
  tooLong: words.tooLong,
} as const;

/** Draws again whenever the draft changes. */
function useDraft(composer: Composer) {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => composer.subscribe(() => again(undefined)), [composer]);
  return composer.draft();
}

/** Files that are dropped or pasted anywhere on the page. */
function useFiles(take: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const carries = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const drag = (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(false);
      take([...(event.dataTransfer?.files ?? [])]);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    };
    document.addEventListener('dragover', drag);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('dragover', drag);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
      document.removeEventListener('paste', paste);
    };
  }, [take]);
  return over;
}

/** Says when the connection is gone; when it is back, what it stopped goes on. */
function useOnline(composer: Composer): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const back = () => {
      setOnline(true);
      composer.retryLost();
    };
    const gone = () => setOnline(false);
    addEventListener('online', back);
    addEventListener('offline', gone);
    return () => {
      removeEventListener('online', back);
      removeEventListener('offline', gone);
    };
  }, [composer]);
  return online;
}

/** Whether a time is as far ahead as a post has to wait. */
const isAhead = (time: string) => new Date(time).getTime() >= Date.now() + 5 * 60_000;

function Discard({ composer }: { composer: Composer }) {
  if (isEmptyDraft(composer.draft())) return null;
  return (
    <details class="ask">
      <summary class="button button-plain">{words.discard}</summary>
      <div class="ask-sheet">
        <p>{words.discardAsk}</p>
        <button type="button" class="button button-danger" onClick={() => void composer.discard()}>
          {words.discardYes}
        </button>
      </div>
    </details>
  );
}

/** The words, the meter and the button: everything beside the photos. */
function Side({ composer, limits, problem: first, onPublished }: Props) {
  const { photos, words: draft } = composer.draft();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(first);
  const bare = photos.filter((photo) => photo.alt.trim() === '' && photo.state !== 'failed').length;
  const publish = async (event: Event) => {
    event.preventDefault();
    const left = limits.maxCaption - captionLength(draft.caption);
    const obstacle = publishObstacle(photos, left, limits.requireAltText);
    const early = obstacle === null && draft.later && !isAhead(draft.later);
    setProblem(obstacle !== null ? sentences[obstacle] : early ? later.tooEarly : null);
    if (obstacle !== null || early || busy) return;
    setBusy(true);
    const answer = await composer.publish();
    if (answer.ok) return onPublished(answer.data.url ?? '/scheduled');
    setBusy(false);
    setProblem(answer.sentence);
  };
  return (
    <form class="compose-side" onSubmit={(event) => void publish(event)}>
      <ComposeWords composer={composer} draft={draft} limits={limits} />
      {bare > 0 && <p class="alt-note small">{words.altMissing(bare)}</p>}
      {problem && <Notice kind="problem" text={problem} />}
      <div class="compose-send">
        <button type="submit" class="button button-main" aria-disabled={busy ? 'true' : undefined}>
          {busy ? words.publishing : draft.later ? later.keep : words.publish}
        </button>
        <Discard composer={composer} />
      </div>
      <StorageMeter storage={composer.storage()} nextBytes={pendingBytes(photos)} />
    </form>
  );
}

/** The composer with a script: photos on one side, words on the other. */
export function ComposeApp(props: Props) {
  const { composer, limits, restored } = props;
  const { photos } = useDraft(composer);
  const [editing, setEditing] = useState<string | null>(null);
  const [said, say] = useState(restored ? words.restored : '');
  const [take] = useState(() => (files: File[]) => {
    const left = composer.add(files);
    say(left > 0 ? words.tooMany(limits.maxPhotos) : '');
  });
  const over = useFiles(take);
  const online = useOnline(composer);
  return (
    <div class={over ? 'compose compose-over' : 'compose'}>
      <div class="compose-photos">
        {!online && <Notice kind="hint" text={words.offline} />}
        <p class="said small soft" role="status">
          {said}
        </p>
        <ComposeList
          composer={composer}
          photos={photos}
          limits={limits}
          onEdit={setEditing}
          say={say}
        />
        {photos.length < limits.maxPhotos && (
          <ComposeDrop limits={limits} empty={photos.length === 0} onPick={take} />
        )}
      </div>
      <Side {...props} />
      {editing !== null && (
        <CropSource composer={composer} photoKey={editing} onClose={() => setEditing(null)} />
      )}
    </div>
  );
}
