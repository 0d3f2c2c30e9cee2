package kit

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	faultPollInterval = 500 * time.Millisecond
	faultCallTimeout  = 2 * time.Second
)

// Faults knows which faults of one service are on. It asks the fault service twice a second; when
// that one cannot be reached every fault counts as off, because off is the safe state.
type Faults struct {
	service string
	baseURL string
	client  *http.Client
	active  atomic.Pointer[map[string]bool]
}

// WatchFaults starts the watching; it ends with the context.
func WatchFaults(ctx context.Context, service string) *Faults {
	faults := &Faults{
		service: service,
		baseURL: URLOf("FAULT_SERVICE", "8086"),
		client:  &http.Client{Timeout: faultCallTimeout}, // untraced on purpose: not business
	}
	faults.active.Store(&map[string]bool{})
	go faults.watch(ctx)
	return faults
}

// On says whether the fault NAME (without the service) is on at this moment.
func (f *Faults) On(name string) bool { return (*f.active.Load())[f.service+"/"+name] }

func (f *Faults) watch(ctx context.Context) {
	started := false
	ticker := time.NewTicker(faultPollInterval)
	defer ticker.Stop()
	for {
		if !started {
			// Faults that were not asked to survive a restart end here.
			started = f.post(ctx, "/services/"+f.service+"/started") == nil
		}
		if err := f.refresh(ctx); err != nil {
			f.active.Store(&map[string]bool{})
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (f *Faults) refresh(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.baseURL+"/effective?service="+f.service, nil)
	if err != nil {
		return fmt.Errorf("asking for faults: %w", err)
	}
	response, err := f.client.Do(request)
	if err != nil {
		return fmt.Errorf("asking for faults: %w", err)
	}
	defer response.Body.Close()
	var names []string
	if err := json.NewDecoder(response.Body).Decode(&names); err != nil {
		return fmt.Errorf("reading faults: %w", err)
	}
	active := make(map[string]bool, len(names))
	for _, name := range names {
		active[name] = true
	}
	f.active.Store(&active)
	return nil
}

func (f *Faults) post(ctx context.Context, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.baseURL+path, nil)
	if err != nil {
		return fmt.Errorf("telling the fault service: %w", err)
	}
	response, err := f.client.Do(request)
	if err != nil {
		return fmt.Errorf("telling the fault service: %w", err)
	}
	return response.Body.Close()
}

// Emitted tells the fault service that a fault showed its effect, and in which trace. It never
// disturbs the request that it reports on.
func (f *Faults) Emitted(name, traceID string) {
	go func() {
		path := fmt.Sprintf("/faults/%s/%s/emitted?trace_id=%s", f.service, name, traceID)
		if err := f.post(context.Background(), path); err != nil {
			slog.Debug("fault service not told", "fault", name, "error", err)
		}
	}()
}
