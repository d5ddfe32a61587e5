import type { MediaAttachmentJson } from '#doors/entities/types.ts';
import { type Answer, lostSentence, readAnswer } from './api.ts';

/**
 * Sends one file to `POST /api/v2/media`. XMLHttpRequest, because only it tells how far a body has
 * come; `progress` gets the sent part, 0 to 1. Never rejects.
 */
export function uploadFile(options: {
  file: Blob;
  name: string;
  csrf: string;
  description: string;
  progress: (part: number) => void;
  signal: AbortSignal;
}): Promise<Answer<MediaAttachmentJson>> {
  const { file, name, csrf, description, progress, signal } = options;
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const lost = () => resolve({ ok: false, status: 0, sentence: lostSentence, again: true });
    request.open('POST', '/api/v2/media');
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-CSRF-Token', csrf);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onload = () => resolve(readAnswer(request.status, request.responseText));
    request.onerror = lost;
    request.ontimeout = lost;
    request.onabort = lost;
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    if (description !== '') form.append('description', description);
    form.append('file', file, name);
    request.send(form);
  });
}
