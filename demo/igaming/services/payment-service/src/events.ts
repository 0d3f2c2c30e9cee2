// Payments as news for the other services. The SDK's kafkajs instrumentation makes the publish span
// and writes the trace headers; losing news must never fail a payment.

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
      await this.producer.send({topic: TOPIC, messages: [{key: payment.player, value: JSON.stringify(payment)}]});
    } catch (error) {
      this.isConnected = false;
      Sentry.captureException(error);
    }
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }
}
