package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/smtp"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"demo/igaming/services/kit"
)

const (
	bigWinFactor      = 10 // a win of ten bets is worth a push message
	sendTimeout       = 3 * time.Second
	stormTriesMax     = 8
	mailSenderAddress = "casino@igaming.example"
)

type gameRound struct {
	RoundID string `json:"round_id"`
	Player  string `json:"player"`
	Game    string `json:"game"`
	Bet     int64  `json:"bet"`
	Win     int64  `json:"win"`
}

type payment struct {
	PaymentID string `json:"payment_id"`
	Player    string `json:"player"`
	Kind      string `json:"kind"`
	Amount    int64  `json:"amount"`
	Status    string `json:"status"`
}

// sender delivers by three roads: mail (SMTP), SMS and push (HTTP).
type sender struct {
	faults      *kit.Faults
	sinkURL     string
	mailAddress string
	client      *http.Client
	tracer      trace.Tracer
}

func newSender(faults *kit.Faults) *sender {
	return &sender{
		faults:      faults,
		sinkURL:     kit.URLOf("MESSAGE_SINK", "8088"),
		mailAddress: kit.Setting("SMTP_ADDRESS", "127.0.0.1:"+kit.Setting("MESSAGE_SINK_SMTP_PORT", "8025")),
		client:      &http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport), Timeout: sendTimeout},
		tracer:      otel.Tracer(serviceName),
	}
}

func (s *sender) aboutRound(ctx context.Context, round gameRound) error {
	if round.Win < bigWinFactor*round.Bet {
		return nil
	}
	return s.post(ctx, "/push", round.Player, fmt.Sprintf("You won %s!", euros(round.Win)))
}

// aboutPayment sends a mail for a deposit and an SMS for a withdrawal.
func (s *sender) aboutPayment(ctx context.Context, paid payment) error {
	text := fmt.Sprintf("Your %s of %s: %s", paid.Kind, euros(paid.Amount), paid.Status)
	if paid.Kind == "withdrawal" || s.faults.On("retry-storm") {
		return s.sms(ctx, paid.Player, text)
	}
	return s.mail(ctx, paid.Player, text)
}

// sms is tried once; during the retry storm the sink refuses and we hammer it without a pause.
func (s *sender) sms(ctx context.Context, player, text string) error {
	if !s.faults.On("retry-storm") {
		return s.post(ctx, "/sms", player, text)
	}
	s.faults.Emitted("retry-storm", trace.SpanContextFromContext(ctx).TraceID().String())
	for range stormTriesMax {
		// The refusals are the fault's whole point; after them the message goes out after all.
		_ = s.post(ctx, "/sms?refuse=true", player, text)
	}
	return s.post(ctx, "/sms", player, text)
}

func (s *sender) post(ctx context.Context, path, player, text string) error {
	body, err := json.Marshal(map[string]string{"to": player, "text": text})
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.sinkURL+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("preparing a message: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return fmt.Errorf("sending a message: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("the message sink answered %d", response.StatusCode)
	}
	return nil
}

func (s *sender) mail(ctx context.Context, player, text string) error {
	ctx, span := s.tracer.Start(ctx, "send mail", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("server.address", s.mailAddress)))
	defer span.End()
	to := player + "@players.example"
	message := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: News of your account\r\nX-Trace-Id: %s\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
		mailSenderAddress, to, span.SpanContext().TraceID(), text)
	if err := smtp.SendMail(s.mailAddress, nil, mailSenderAddress, []string{to}, []byte(message)); err != nil {
		span.SetStatus(codes.Error, err.Error())
		return fmt.Errorf("sending mail: %w", err)
	}
	return nil
}

func euros(cents int64) string { return fmt.Sprintf("€%d.%02d", cents/100, cents%100) }
