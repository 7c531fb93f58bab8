// Passkeys: asks the browser for one, and sends what it says by the form that stands on the
// page. Without this script the form stays hidden, and there is the password.
'use strict';
(() => {
  const form = document.querySelector('form[data-passkey]');
  if (!form || !window.PublicKeyCredential) return;
  const making = form.dataset.passkey === 'make';
  const said = form.querySelector('[role=alert]');
  const button = form.querySelector('button');

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

  function tell(what) {
    said.textContent = what;
    button.disabled = false;
  }

  async function challenge() {
    const fields = new URLSearchParams({ token: form.elements.token.value });
    if (making) fields.set('password', form.elements.password.value);
    const answer = await fetch(form.dataset.challenge, { method: 'POST', body: fields });
    return answer.json();
  }

  const algorithms = [-7, -8, -257].map((alg) => ({ type: 'public-key', alg }));
  const make = (asked) =>
    navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: asked.rp,
        user: { ...asked.user, id: bytes(asked.user.id) },
        pubKeyCredParams: algorithms,
        excludeCredentials: asked.exclude.map((id) => ({ type: 'public-key', id: bytes(id) })),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        attestation: 'none',
      },
    });
  const use = (asked) =>
    navigator.credentials.get({
      publicKey: { challenge: bytes(asked.challenge), rpId: asked.rp.id, userVerification: 'required' },
    });

  function fill(credential) {
    const { response } = credential;
    const parts = making
      ? { client_data: response.clientDataJSON, attestation: response.attestationObject }
      : {
          credential: credential.rawId,
          user: response.userHandle ?? new ArrayBuffer(0),
          client_data: response.clientDataJSON,
          authenticator_data: response.authenticatorData,
          signature: response.signature,
        };
    for (const [name, value] of Object.entries(parts)) form.elements[name].value = text(value);
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    said.textContent = '';
    try {
      const asked = await challenge();
      if (asked.error) {
        tell(asked.error);
        return;
      }
      fill(await (making ? make(asked) : use(asked)));
      if (making) form.elements.password.disabled = true; // it was given already
      form.submit();
    } catch (error) {
      tell(error.name === 'InvalidStateError' ? form.dataset.known : form.dataset.failed);
    }
  });
  addEventListener('pageshow', () => (button.disabled = false)); // back again
  form.hidden = false;
  for (const without of document.querySelectorAll('[data-without]')) without.hidden = true;
})();
