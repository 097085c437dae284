// On the page of the queue's board: what it asks for carries the word of the login, and a login that has ended leads back to where one logs in.
{
  const word = document.querySelector('meta[name="csrf"]')?.getAttribute('content') ?? '';
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...given) {
    this.setRequestHeader('x-csrf-token', word);
    this.addEventListener('load', () => {
      if (this.status === 401) location.assign('/queue');
    });
    return send.apply(this, given);
  };
}
