import { posts as words } from '#web/text/posts.ts';
import { Icon, type IconName } from './icon.tsx';

function Act({
  act,
  icon,
  label,
  place = '',
}: {
  act: string;
  icon: IconName;
  label: string;
  place?: string;
}) {
  return (
    <button type="button" class={`viewer-button ${place}`.trim()} data-act={act} title={label}>
      <Icon name={icon} />
      <span class="unseen">{label}</span>
    </button>
  );
}

/** The inside of the viewer's dialog; the island fills and moves it. */
export function ViewerFrame() {
  return (
    <>
      <div class="viewer-stage">
        <img class="viewer-photo" alt="" draggable={false} />
        <Act act="back" icon="left" label={words.previous} place="viewer-back" />
        <Act act="on" icon="right" label={words.next} place="viewer-on" />
      </div>
      <div class="viewer-bar">
        <Act act="close" icon="close" label={words.close} />
        <span class="viewer-count number" role="status" />
        <a
          class="viewer-button"
          data-download
          href="#main"
          download=""
          title={words.download}
          hidden
        >
          <Icon name="download" />
          <span class="unseen">{words.download}</span>
        </a>
        <Act act="out" icon="minus" label={words.zoomOut} />
        <Act act="in" icon="plus" label={words.zoomIn} />
      </div>
      <div class="viewer-words" />
    </>
  );
}
