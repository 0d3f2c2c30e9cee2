// web-server serves one built front end and tells it, in /config.json, what only the environment
// knows (addresses, DSN, release), so that a change of settings needs no new build.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"demo/igaming/services/kit"
)

func main() {
	folder := kit.Setting("WEB_FOLDER", ".")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /config.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		kit.WriteJSON(w, http.StatusOK, map[string]string{
			"gateway_url":  kit.Setting("BROWSER_GATEWAY_URL", kit.URLOf("API_GATEWAY", "8080")),
			"dsn":          os.Getenv("SENTRY_DSN"),
			"environment":  kit.Setting("SENTRY_ENVIRONMENT", "demo"),
			"release":      kit.Setting("WEB_NAME", "frontend") + "@" + kit.Setting("SENTRY_RELEASE", "1.0.0"),
			"debug_token":  kit.Setting("DEBUG_TOKEN", ""),
			"vedette_url":  os.Getenv("VEDETTE_URL"),
			"admin_url":    "http://127.0.0.1:" + kit.Setting("ADMIN_PANEL_PORT", "4300"),
			"frontend_url": "http://127.0.0.1:" + kit.Setting("FRONTEND_PORT", "4200"),
		})
	})
	mux.Handle("GET /", pages(folder))
	if err := kit.Serve(context.Background(), "web-server", kit.Setting("WEB_PORT", "4200"), mux); err != nil {
		slog.Error("web-server ends", "error", err)
		os.Exit(1)
	}
}

// pages serves files; a path that is no file is a page of the application, which is index.html.
func pages(folder string) http.Handler {
	files := http.FileServer(http.Dir(folder))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".map") { // for the monitoring server, by upload; not for everybody
			http.NotFound(w, r)
			return
		}
		// Without this header the browser gives the SDK's profiler no samples.
		w.Header().Set("Document-Policy", "js-profiling")
		_, err := os.Stat(filepath.Join(folder, filepath.Clean("/"+r.URL.Path)))
		if err != nil && !strings.Contains(filepath.Base(r.URL.Path), ".") {
			http.ServeFile(w, r, filepath.Join(folder, "index.html"))
			return
		}
		files.ServeHTTP(w, r)
	})
}
