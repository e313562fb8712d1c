using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Silo;

/// <summary>
/// Whoever started the silo holds its standard input open. When the input ends, so does the silo, and nothing is left behind, not even
/// after kill -9.
/// </summary>
public sealed partial class Lifeline(IHostApplicationLifetime lifetime, ILogger<Lifeline> logger) : IHostedService
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Hold) { IsBackground = true, Name = "lifeline" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Hold()
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (input.Read(buffer) > 0)
        {
            // Nothing is ever said on this line.
        }
        LogCut();
        lifetime.StopApplication();
        // A host that cannot stop must not stay, either.
        if (!lifetime.ApplicationStopped.WaitHandle.WaitOne(Grace)) Environment.Exit(1);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who started this silo is gone; stopping.")]
    private partial void LogCut();
}
