import { pushWords as words } from '#web/text/push.ts';
import { callApi } from './api.ts';

type State = { key: string; endpoint: string | null };
type Parts = { csrf: string; state: HTMLElement; button: HTMLButtonElement };

const PATH = '/settings/push';

/** Makes the switch for messages of this browser work, on the page that has one. */
export function enhancePush(): void {
  const box = document.querySelector<HTMLElement>('[data-push]');
  const state = box?.querySelector<HTMLElement>('[data-push-state]');
  const button = box?.querySelector('button');
  if (!box || !state || !button) return;
  const parts = { csrf: box.dataset.csrf ?? '', state, button };
  if (!('serviceWorker' in navigator && 'PushManager' in window)) {
    state.textContent = words.cannot;
    return;
  }
  void begin(parts);
}

async function begin(parts: Parts): Promise<void> {
  const answer = await callApi<State>('GET', PATH, parts.csrf);
  if (!answer.ok) {
    parts.state.textContent = answer.sentence;
    return;
  }
  const known = await navigator.serviceWorker.getRegistration('/');
  const own = await known?.pushManager.getSubscription();
  let isOn = own !== null && own !== undefined && own.endpoint === answer.data.endpoint;
  show(parts, isOn);
  parts.button.hidden = false;
  parts.button.addEventListener('click', async () => {
    parts.button.disabled = true;
    const done = isOn ? await turnOff(parts) : await turnOn(parts, answer.data.key);
    parts.button.disabled = false;
    if (!done) return;
    isOn = !isOn;
    show(parts, isOn);
  });
}

function show({ state, button }: Parts, isOn: boolean): void {
  state.textContent = isOn ? words.on : words.off;
  button.textContent = isOn ? words.turnOff : words.turnOn;
  button.setAttribute('aria-pressed', String(isOn));
}

async function turnOn({ csrf, state }: Parts, key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') {
    state.textContent = words.denied;
    return false;
  }
  try {
    await navigator.serviceWorker.register('/sw.js');
    const { pushManager } = await navigator.serviceWorker.ready;
    // One of another server that once lived here would refuse our key.
    await (await pushManager.getSubscription())?.unsubscribe();
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const answer = await callApi<State>('POST', PATH, csrf, made.toJSON());
    if (answer.ok) return true;
    state.textContent = answer.sentence;
    await made.unsubscribe();
  } catch {
    state.textContent = words.failed;
  }
  return false;
}

async function turnOff({ csrf, state }: Parts): Promise<boolean> {
  const answer = await callApi<State>('DELETE', PATH, csrf);
  if (!answer.ok) {
    state.textContent = answer.sentence;
    return false;
  }
  const known = await navigator.serviceWorker.getRegistration('/');
  await (await known?.pushManager.getSubscription())?.unsubscribe();
  return true;
}
