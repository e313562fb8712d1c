using System.Collections.Concurrent;
using System.Diagnostics;
using Grains.Hosting;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Grains.Training;
using Grains.Training.Data;
using Microsoft.Extensions.Logging;

namespace Grains.Trainings;

/// <summary>Carries leased trainings out on this silo. Each has a thread of its own, and its lease is renewed beside it.</summary>
public sealed partial class TrainingRunner(
    JournalWriter writer, JournalReader reader, CheckpointStore checkpoints, TrainingPrograms programs,
    IGrainFactory grains, SweepOptions options, TimeProvider clock, ILogger<TrainingRunner> logger)
{
    private readonly ConcurrentDictionary<Digest, TrainingRun> _running = new();

    /// <summary>
    /// Trains until the demands are met, the training fails, the lease is lost or the silo drains. It never throws for what the training
    /// does.
    /// </summary>
    /// <param name="thread">The thread of the slot.</param>
    public async Task Run(LeaseGrant grant, SlotThread thread, CancellationToken stopping)
    {
        using var ended = new CancellationTokenSource();
        using var activity = TraceLinks.StartFrom(Sources.Trainings, "training", grant.TraceParent);
        activity?.SetTag("recipe", grant.Recipe.Short).SetTag("attempt", grant.Attempt).SetTag("silo", options.SiloName);
        var run = new TrainingRun(grant, thread.Slot, writer, reader, checkpoints, programs, options, clock, logger, ended,
            activity?.Context ?? default, Advanced);
        using var draining = stopping.Register(run.Drain);
        _running[grant.Recipe] = run;
        try
        {
            Tell(TrainingGrain(grant).Begin(grant.Attempt, CancellationToken.None));
            AttemptOutcome outcome;
            Task renewing;
            using (var timer = new PeriodicTimer(options.RenewalInterval, clock))
            {
                renewing = Renew(grant, run, timer, ended);
                outcome = await thread.Run(run.Train);
            }
            await renewing;
            activity?.SetTag("outcome", outcome.ToString());
            if (outcome is AttemptOutcome.Failed) activity?.SetStatus(ActivityStatusCode.Error);
            LogEnded(grant.Recipe.Short, grant.Attempt, outcome);
            await writer.Write(j => j.EndAttempt(grant.Recipe, grant.Attempt, clock.GetUtcNow().ToUnixTimeMilliseconds(), outcome,
                run.Advanced));
            Tell(TrainingGrain(grant).Ended(grant.Attempt, CancellationToken.None));
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(grant.Recipe, run));
        }
    }

    /// <summary>Says that the demands on a training have changed. If the training runs here, it looks at them anew.</summary>
    public Task DemandChanged(Digest recipe) => _running.TryGetValue(recipe, out var run) ? run.ReadDemands() : Task.CompletedTask;

    /// <summary>Renews the lease until the timer is disposed of.</summary>
    private async Task Renew(LeaseGrant grant, TrainingRun run, PeriodicTimer timer, CancellationTokenSource ended)
    {
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            long expires = (clock.GetUtcNow() + options.LeaseDuration).ToUnixTimeMilliseconds();
            if (await writer.Write(j => j.Renew(grant.Recipe.Value, grant.Attempt, expires)))
            {
                // The word that demands changed is lost when it reaches a grain on another silo. So the facts are looked at again.
                try
                {
                    await run.ReadDemands();
                }
                catch (Exception e)
                {
                    LogNotRead(grant.Recipe.Short, e.Message); // and again at the next renewal
                }
                continue;
            }
            LogLeaseLost(grant.Recipe.Short, grant.Attempt);
            await ended.CancelAsync();
            return;
        }
    }

    private void Advanced(LeaseGrant grant, int epoch) => Tell(TrainingGrain(grant).Advanced(grant.Attempt, epoch, CancellationToken.None));

    private ITrainingGrain TrainingGrain(LeaseGrant grant) => grains.GetGrain<ITrainingGrain>(grant.Recipe.Value);

    /// <summary>Sends a message that may be lost: coordinators catch up with the database when they are tended.</summary>
    private void Tell(Task message) => message.ContinueWith(t => LogLostMessage(t.Exception!.GetBaseException().Message),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    [LoggerMessage(Level = LogLevel.Information, Message = "Training {Recipe}: attempt {Attempt} ended: {Outcome}.")]
    private partial void LogEnded(string recipe, int attempt, AttemptOutcome outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Training {Recipe}: its demands cannot be read now: {Reason}")]
    private partial void LogNotRead(string recipe, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Training {Recipe}: the lease of attempt {Attempt} is gone; stopping.")]
    private partial void LogLeaseLost(string recipe, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "A message got no answer ({Reason}); tending will make up for it.")]
    private partial void LogLostMessage(string reason);
}
