import {
  forgetOldSharedFiles,
  keepSharedFiles,
  SHARE_FIELD,
  SHARE_PARAMETER,
  type ShareFailure,
} from '../../share/protocol/shared-files.ts';

/** Keeps the files of a share and leads to the page that opens them. Never rejects: what fails is said on that page. */
export async function receiveShare(request: Request, scope: string): Promise<Response> {
  const id = await keep(request, scope).catch((): ShareFailure => 'full');
  return Response.redirect(`${scope}?${SHARE_PARAMETER}=${id}`, 303);
}

async function keep(request: Request, scope: string): Promise<string> {
  await forgetOldSharedFiles();
  const form = await request.formData();
  // A form without a file has one without a name.
  const files = form.getAll(SHARE_FIELD).filter((value): value is File => value instanceof File && value.name !== '');
  return files.length === 0 ? ('none' satisfies ShareFailure) : keepSharedFiles(scope, files);
}
