import {ChangeDetectionStrategy, Component, type OnDestroy} from '@angular/core';
import {RouterLink, RouterLinkActive, RouterOutlet} from '@angular/router';
import {config} from './config';
import {watchFaults} from './faults';

@Component({
  selector: 'casino-app',
  imports: [RouterOutlet, RouterLink, RouterLinkActive],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header class="bar">
      <strong>Three Reels</strong>
      <nav>
        <a routerLink="/" routerLinkActive="here" [routerLinkActiveOptions]="{exact: true}">Play</a>
        <a routerLink="/debug" routerLinkActive="here">Debug Panel</a>
        <a [href]="adminUrl">Admin</a>
        @if (vedetteUrl !== '') {
          <a [href]="vedetteUrl">Vedette</a>
        }
      </nav>
    </header>
    <main><router-outlet /></main>
  `,
})
export class App implements OnDestroy {
  readonly adminUrl = config().admin_url;
  readonly vedetteUrl = config().vedette_url;
  private readonly stopWatching = watchFaults();

  ngOnDestroy(): void {
    this.stopWatching();
  }
}
