using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Grains.Telemetry;

/// <summary>Tracing and metrics of one process.</summary>
public static class TelemetryExtensions
{
    /// <summary>How long a finished span waits for others before they are written together.</summary>
    private const int ExportDelayMilliseconds = 1000;

    private const int ConsoleMetricsMilliseconds = 60_000;

    /// <summary>
    /// Records traces that ours begin, with Orleans' spans inside them, always into the span store; add `AddActivityPropagation()` on
    /// the silo so that they cross processes. Metrics are collected only when someone reads them.
    /// </summary>
    /// <param name="services">The host's; its <see cref="SpanStore"/> is what `sweep trace` reads.</param>
    /// <param name="siloName">Names the process in spans.</param>
    /// <param name="console">Also writes spans, and metrics once a minute, to the console.</param>
    /// <param name="otlp">Also sends both to this OTLP endpoint, gRPC; null for none.</param>
    public static IServiceCollection AddSweepTelemetry(
        this IServiceCollection services, string siloName, bool console, Uri? otlp)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("sweep", serviceInstanceId: siloName))
            .WithTracing(tracing => tracing.AddSweepTracing(s => s.GetRequiredService<SpanStore>(), siloName, console, otlp));

        if (console || otlp is not null)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddMeter(Names.OrleansMeter);
                if (console)
                {
                    metrics.AddConsoleExporter(
                        (_, reader) => reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = ConsoleMetricsMilliseconds);
                }
                if (otlp is not null) metrics.AddOtlpExporter(options => options.Endpoint = otlp);
            });
        }
        return services;
    }

    /// <summary>The tracing half, for a process that builds its own provider.</summary>
    public static TracerProviderBuilder AddSweepTracing(
        this TracerProviderBuilder tracing, Func<IServiceProvider, SpanStore> store, string siloName, bool console = false, Uri? otlp = null)
    {
        tracing
            .SetSampler(new ParentBasedSampler(new AlwaysOnSampler()))
            .AddSource(Names.Prefix + "*")
            .AddSource([.. Names.OrleansSources])
            // First, before any exporter sees a span.
            .AddProcessor(new SweepRoots())
            .AddProcessor(services => new BatchActivityExportProcessor(
                new SpanStoreExporter(store(services), siloName), maxQueueSize: 8192, scheduledDelayMilliseconds: ExportDelayMilliseconds));
        if (console) tracing.AddConsoleExporter();
        if (otlp is not null) tracing.AddOtlpExporter(options => options.Endpoint = otlp);
        return tracing;
    }
}
