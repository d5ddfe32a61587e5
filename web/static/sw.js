// Shows what a push service brings, and opens the page that it is about. Keeps nothing, fetches nothing.

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const said = read(event.data);
  event.waitUntil(
    self.registration.showNotification(said.title || 'Something new', {
      body: said.body || '',
      icon: said.icon,
      tag: `notification-${said.notification_id || ''}`,
      data: { url: said.url || '/notifications' },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

async function open(address) {
  const url = new URL(address || '/notifications', self.location.origin);
  // Only pages of this very place.
  const path = url.origin === self.location.origin ? url.href : '/notifications';
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const shown = windows.find((each) => each.url === path) ?? windows[0];
  if (!shown) return await self.clients.openWindow(path);
  await shown.focus();
  return shown.url === path ? shown : await shown.navigate(path);
}
