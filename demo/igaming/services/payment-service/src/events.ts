// Payments as news for the other services. The SDK's kafkajs instrumentation makes the publish span
// and writes sentry-trace and baggage; losing news must never fail a payment.

import {Kafka, logLevel, type Producer} from 'kafkajs';
import * as Sentry from '@sentry/node';
import type {Payment} from './ledger.ts';
import {setting} from './settings.ts';

const TOPIC = 'payments';

export class Events {
  private readonly producer: Producer = new Kafka({
    clientId: 'payment-service',
    brokers: [setting('KAFKA_ADDRESS', `127.0.0.1:${setting('KAFKA_PORT', '19092')}`)],
    logLevel: logLevel.NOTHING,
    retry: {retries: 2},
  }).producer();
  private isConnected = false;

  async publish(payment: Payment): Promise<void> {
    try {
      if (!this.isConnected) {
        await this.producer.connect();
        this.isConnected = true;
      }
      await this.producer.send({
        topic: TOPIC,
        messages: [{key: payment.player, value: JSON.stringify(payment), headers: w3cHeader()}],
      });
    } catch (error) {
      this.isConnected = false;
      Sentry.captureException(error);
    }
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }
}

/** The header that consumers with OpenTelemetry read; the instrumentation does not write it. */
function w3cHeader(): Record<string, string> {
  const {traceparent} = Sentry.getTraceData({propagateTraceparent: true});
  return traceparent === undefined ? {} : {traceparent};
}
