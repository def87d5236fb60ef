package alert

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"crosscheck/internal/model"
)

// Webhook posts messages as JSON, signed. Transport decides what may be
// connected to. Redirects are not followed: a signed message is for whom it was
// signed.
type Webhook struct {
	client *http.Client
	secret []byte
	now    func() time.Time
}

// NewWebhook returns a Webhook that signs with a secret.
func NewWebhook(transport http.RoundTripper, secret string, now func() time.Time) *Webhook {
	return &Webhook{
		client: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		secret: []byte(secret), now: now,
	}
}

// Send posts the message to the address. Every try has the same
// Idempotency-Key and a signature of its own time.
func (w *Webhook) Send(ctx context.Context, to string, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return model.Errorf(model.ErrInvalid, "webhook %s: the address cannot be read", model.HideRecipient(to))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "crosscheck/1")
	req.Header.Set("Idempotency-Key", m.ID)
	req.Header.Set("X-Crosscheck-Signature", sign(w.secret, w.now(), body))
	resp, err := w.client.Do(req)
	if err != nil {
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err // the address may hold a secret
		}
		return model.Errorf(model.ErrTemporary, "webhook %s: %w", model.HideRecipient(to), err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // lets the connection be used again; what it says is of no interest
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return model.Errorf(model.ErrTemporary, "webhook %s answers with status %d", model.HideRecipient(to), resp.StatusCode)
	}
	return nil
}

// sign is the value of X-Crosscheck-Signature: the Unix time in seconds, and
// the HMAC-SHA256 in hexadecimal of that time, a point and the body.
func sign(secret []byte, at time.Time, body []byte) string {
	t := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
