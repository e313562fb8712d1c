using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;
using Grains.Search;
using Grains.Storage.Databases;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Grains.Sweeps;

/// <summary>
/// The coordinator of one sweep. It prepares recipes, puts their demands into the journal, and ends a trial when its training has met or
/// failed it. Everything it knows it can read again: it commits, then remembers, then answers. A write may run twice before it is
/// committed, so it returns what it finds, and changes nothing else.
/// </summary>
public sealed partial class SweepGrain(
    JournalWriter writer, JournalReader reader, SweepPreparation preparation, SweepLayout layout, Perseverance perseverance,
    SweepFacts facts, TimeProvider clock, ILogger<SweepGrain> logger) : Grain, ISweepGrain, IDisposable
{
    /// <summary>The most rows of one write, so that other writes of the silo do not wait for long behind it.</summary>
    private const int SettledAtOnce = 200, PreparedAtOnce = 1000;

    private readonly CancellationTokenSource _stopping = new();
    private CancellationToken _stop;
    private long? _term;
    private SweepState? _state;
    private HashSet<int> _open = [];
    private readonly HashSet<string> _moved = [];
    private AskedExtension? _extending;
    private bool _brokerKnows, _settling;

    private SweepId Id => new(this.GetPrimaryKeyString());

    private ILeaseBrokerGrain Broker => GrainFactory.GetGrain<ILeaseBrokerGrain>(0);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stop = _stopping.Token;
        _term = await writer.Write(j => j.BeginTerm(Id));
        if (await ReadAgain() is not { } row) return;
        if (_state == SweepState.Preparing) _ = Prepare(row);
        if (_state is SweepState.Running or SweepState.Paused && await reader.PendingExtension(Id) is { } asked) _ = Enlarge(row, asked);
        if (_state is SweepState.Running or SweepState.Paused) await OpenSearch(row);
        if (_state == SweepState.Running && _search is not null) _ = Search();
    }

    /// <summary>Stops a preparation with its activation: the next one begins anew.</summary>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();

    public async Task Submit(SubmitRequest request, CancellationToken cancellationToken)
    {
        if (_state is not null)
        {
            if (await reader.Sweep(Id) is { } known && known.Text == request.Text && SamePackage(known, request)) return;
            throw new SpecException($"--key: sweep {Id} was made of another file under this key. Use another key, or the file as it was.");
        }
        if (request.Fork is { } asked) request = await OfParent(request, asked);
        var reading = SweepSpecReader.Read(request.Text, request.FileName, request.Folder);
        if (reading.Spec is not { } spec)
            throw new SpecException(string.Join('\n', reading.Errors.Select(e => e.Describe(request.FileName))));
        if (request.Fork is not null) ForkPlanner.Of(spec, request.Fork);
        if (spec.Program is ShippedSpec shipped)
        {
            // What is shipped is on disk before anybody is told of the sweep, so that the user's own files may change from now on.
            var package = await preparation.Keep(request.Package ?? [], cancellationToken);
            spec = spec with { Program = shipped with { Package = package } };
        }
        var row = new SweepRow
        {
            Id = Id.Value,
            Term = 1,
            Name = spec.Name,
            Submitted = Now(),
            Ended = null,
            State = SweepState.Preparing,
            Reason = null,
            Digest = null,
            Objective = Canonical.Json(spec.Objective),
            Metrics = Canonical.Json(spec.Program.Vocabulary()),
            ClassNames = null,
            Text = request.Text,
            Folder = request.Folder,
            FileName = request.FileName,
            Traceparent = request.TraceParent,
            Reuse = request.NoReuse || !spec.Shares ? 0 : 1,
            Fork = request.Fork is null ? null : Canonical.Json(request.Fork),
            Spec = spec.Json(),
        };
        await writer.Write(j => j.Submit(row));
        (_term, _state) = (1, SweepState.Preparing);
        LogSubmitted(Id, spec.Name);
        _ = Prepare(row);
    }

    /// <summary>Whether a request ships what the sweep was submitted with.</summary>
    private static bool SamePackage(SweepRow known, SubmitRequest request) =>
        known.Spec is null || SweepSpec.Read(known.Spec).Program is not ShippedSpec { Package: { } package }
        || package == Digest.Of(request.Package ?? []);

    /// <summary>Fills in the file of a fork. It is that of its parent's sweep, as it was when that was submitted.</summary>
    private async Task<SubmitRequest> OfParent(SubmitRequest request, ForkRequest fork)
    {
        var parent = await reader.Sweep(fork.Sweep)
            ?? throw new SpecException($"There is no sweep {fork.Sweep}. `sweep list` shows what there is.");
        if (parent.Fork is not null)
        {
            throw new SpecException(
                $"{fork.Sweep} is a fork itself. Fork the trial that it came from; `sweep trials {fork.Sweep}` names it.");
        }
        return request with { Text = parent.Text, Folder = parent.Folder, FileName = parent.FileName };
    }

    public async Task Cancel(CancellationToken cancellationToken)
    {
        if (_state is null) return;
        // A sweep that has ended may still have weights trained for it.
        _state = await Commit(j =>
        {
            j.CancelSweep(Id, Now());
            return j.State(Id);
        });
        (_open, _extending) = ([], null);
        // What has ended before stays as it is, and may be extended.
        if (_state == SweepState.Cancelled) await _stopping.CancelAsync();
        await Broker.DemandsChanged(Id, cancellationToken);
    }

    public async Task Pause(CancellationToken cancellationToken)
    {
        if (_state == SweepState.Paused) return;
        Require(SweepState.Running, "Only a running sweep can be paused.");
        await SettleAll();
        Require(SweepState.Running, "Only a running sweep can be paused.");
        await Commit(j => j.PauseSweep(Id, Now()));
        _state = SweepState.Paused;
        await TellBroker();
    }

    public async Task Resume(CancellationToken cancellationToken)
    {
        if (_state == SweepState.Running) return;
        Require(SweepState.Paused, "Only a paused sweep can be resumed.");
        await Commit(j => j.ResumeSweep(Id, Now()));
        await GoOn();
    }

    public async Task<int> Retry(int? trial, CancellationToken cancellationToken)
    {
        RequireBegun("retried");
        var failed = (await reader.Trials(Id))
            .Where(t => t.State == TrialState.Failed && (trial is null || t.Number == trial)).ToList();
        if (failed.Count == 0 && trial is { } number)
            throw new SpecException($"--trial: trial {number} of {Id} has not failed. `sweep trials {Id}` shows the states.");
        int diverged = failed.RemoveAll(t => t.Failure == FailureClass.Diverged);
        if (failed.Count == 0 && diverged > 0)
        {
            throw new SpecException((trial is null ? $"{Id}: its {diverged} failed trials" : $"--trial: trial {trial} of {Id}") +
                " diverged, which the recipe determines: trained again, the same bits come again. " +
                "Submit a file with other settings, such as a lower learning_rate, instead; " +
                $"`sweep verify {Id}` trains and compares without changing anything.");
        }
        if (failed.Count == 0) return 0;
        await Commit(j =>
        {
            bool demanded = j.State(Id) != SweepState.Paused;
            foreach (var row in failed) j.RetryTrial(Id, Now(), row.Number, new Digest(row.Recipe), demanded);
            j.ReopenSweep(Id);
        });
        await GoOn();
        return failed.Count;
    }

    public async Task<SweepExtended> Extend(SweepExtension extension, string key, CancellationToken cancellationToken)
    {
        if (await reader.ExtensionOf(Id, key) is var (known, _, _))
        {
            return known.Extension == extension ? new SweepExtended(known.Longer, known.Added)
                : throw new SpecException($"--key: {Id} was extended otherwise under the key {key}. Use another key.");
        }
        RequireBegun("extended");
        if (_extending is not null)
            throw new SpecException($"{Id} is being extended. Ask again when that is done; `sweep doctor` shows how long it has been.");
        var row = (await reader.Sweep(Id))!;
        var (_, _, added) = await Task.Run(() => layout.PlanExtension(row, extension), cancellationToken);
        var shorter = await Shorter(extension);
        foreach (var trial in shorter)
            if (await preparation.WhyNotLonger(trial) is { } why) throw new SpecException(why);
        var asked = new AskedExtension(key, extension, shorter.Count, added);
        if (asked is { Longer: 0, Added: 0 }) return new SweepExtended(0, 0);
        await Commit(j => j.AskExtension(Id, Now(), asked));
        if (_state == SweepState.Completed) _state = SweepState.Running;
        _ = Enlarge(row, asked);
        return new SweepExtended(asked.Longer, asked.Added);
    }

    public async Task<int> TrainWeights(int trial, CancellationToken cancellationToken)
    {
        RequireBegun("asked for weights");
        if (await reader.Sweep(Id) is not { } row || await reader.Trial(new TrialId(Id, trial)) is not { } shown)
            throw new SpecException($"--trial: {trial} is no trial of sweep {Id}. `sweep trials {Id}` lists them.");
        if (await facts.BestEpoch(row, shown) is not { } epoch)
            throw new SpecException($"Trial {trial} has no epoch yet. Wait for one with `sweep watch {Id}`.");
        if (await facts.WhyNoBestWeights(shown, epoch) is { } why) throw new SpecException(why);
        await preparation.DropDamaged(shown.Recipe, epoch);
        if (!await preparation.CanReach(shown, epoch))
        {
            throw new SpecException($"Trial {trial}: what it went on from is not kept any more, so its weights of epoch {epoch} cannot be " +
                "trained again. Submit the sweep that it comes from again: its own, or that of a fork's parent.");
        }
        await Commit(j => j.DemandWeights(Id, trial, epoch));
        await TellBroker();
        return epoch;
    }

    public async Task Delete(CancellationToken cancellationToken)
    {
        // A repeat after a lost answer finds the sweep gone already.
        if (_state is null) return;
        await Cancel(cancellationToken);
        await Commit(j => j.DeleteSweep(Id));
        _state = null;
        DeactivateOnIdle();
    }

    /// <summary>
    /// Notes that a training moved, and no more. So the next commit takes all trainings that moved while this one is under way.
    /// </summary>
    public Task TrainingMoved(Digest recipe, CancellationToken cancellationToken)
    {
        if (_state != SweepState.Running) return Task.CompletedTask;
        _moved.Add(recipe.Value);
        if (!_settling) _ = AskToSettle();
        return Task.CompletedTask;
    }

    public Task SettleMoved(CancellationToken cancellationToken)
    {
        _settling = false;
        return _state == SweepState.Running ? Settle() : Task.CompletedTask;
    }

    public async Task Tend(CancellationToken cancellationToken)
    {
        if (_state != SweepState.Running) return;
        if (!_brokerKnows) await TellBroker();
        await SettleAll();
    }

    /// <summary>
    /// Prepares data, initial checkpoints and recipes; then the demands go out. After a crash it begins again from the start.
    /// </summary>
    private Task Prepare(SweepRow row) => Guarded("sweep prepare", row, async () =>
    {
        try
        {
            var prepared = await Persevere(ct => preparation.Prepare(row, ct));
            if (_state != SweepState.Preparing) return;
            await Commit(j =>
            {
                if (!j.IsPreparing(Id)) return;
                foreach (string note in prepared.Notes) j.Note(Id, Now(), note);
            });
            long toTrain = 0;
            var trials = prepared.Trials.ToLookup(t => t.Recipe);
            foreach (var part in prepared.Trainings.Chunk(PreparedAtOnce))
                toTrain += await Commit(j => j.IsPreparing(Id) ? j.Prepare(Now(), part, [.. part.SelectMany(t => trials[t.Recipe])]) : 0);
            await Commit(j =>
            {
                if (j.IsPreparing(Id)) j.Prepared(Id, Now(), prepared.ClassNames, toTrain);
            });
            if (_state != SweepState.Preparing) return;
            await OpenSearch(row);
            _state = SweepState.Running;
            _open = [.. prepared.Trials.Select(t => t.Number)];
            LogPrepared(Id, prepared.Trials.Count, prepared.Trainings.Count);
        }
        catch (SpecException e)
        {
            if (_state != SweepState.Preparing) return;
            await Commit(j =>
            {
                if (!j.IsPreparing(Id)) return;
                j.Unprepare(Id);
                j.EndSweep(Id, Now(), SweepState.Failed, e.Message, null);
            });
            _state = SweepState.Failed;
            return;
        }
        await TryTellBroker();
        if (_search is not null) _ = Search();
        await SettleAll();
    });

    /// <summary>Makes the sweep as large as was asked. After a crash it begins again from the start.</summary>
    private Task Enlarge(SweepRow row, AskedExtension asked)
    {
        _extending = asked;
        return Guarded("sweep extend", row, async () =>
        {
            try
            {
                var prepared = asked.Added == 0
                    ? new PreparedSweep([], [], [])
                    : await Persevere(ct => preparation.Extend(row, asked.Extension, ct));
                if (_extending != asked) return;
                var shorter = await Shorter(asked.Extension);
                await Commit(j =>
                {
                    var state = j.State(Id);
                    if (state is not (SweepState.Running or SweepState.Paused)) return;
                    bool demanded = state == SweepState.Running;
                    j.NoteExtension(Id, Now(), asked.Extension);
                    foreach (var trial in shorter)
                        j.ExtendTrial(Id, Now(), trial, asked.Extension.Epochs!.Value, demanded);
                    j.AddTrials(Id, Now(), prepared.Trainings, prepared.Trials, demanded);
                });
            }
            catch (SpecException e)
            {
                if (_extending != asked) return;
                await Commit(j => j.Append(Id, Now(), SweepEvents.ExtensionFailed, reason: e.Message));
            }
            _extending = null;
            await GoOn();
        });
    }

    /// <summary>The longest trial of each point, where it has fewer epochs than are wanted.</summary>
    private async Task<IReadOnlyList<TrialRow>> Shorter(SweepExtension extension) => extension.Epochs is null ? []
        : [.. (await reader.Trials(Id)).GroupBy(SweepFacts.RecipeOf).Select(point => point.MaxBy(t => t.Epochs)!)
            .Where(t => t.Epochs < extension.Epochs).OrderBy(t => t.Number)];

    private Task<T> Persevere<T>(Func<CancellationToken, Task<T>> work) =>
        perseverance.Do(Id, work, (kind, reason) => Commit(j => j.Append(Id, Now(), kind, reason: reason)), _stop);

    /// <summary>Runs work that nobody waits for. A failure ends the activation, and the next one begins the work anew.</summary>
    private async Task Guarded(string name, SweepRow row, Func<Task> work)
    {
        using var activity = TraceLinks.StartFrom(Sources.Sweeps, name, row.Traceparent);
        activity?.SetTag("sweep", Id.Value);
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The work was cancelled, or the activation ends.
        }
        catch (Exception e)
        {
            LogPreparationFailed(e, Id);
            bool preparing = _state == SweepState.Preparing || _extending is not null || _searching;
            if (preparing && e is not FencedException && StorageTrouble.Passing(e) is null) await NoteBreak(e);
            DeactivateOnIdle();
        }
    }

    /// <summary>Counts the break in the journal, so that the next activation does not try for ever.</summary>
    private async Task NoteBreak(Exception e)
    {
        try
        {
            await Commit(j => j.Append(Id, Now(), SweepEvents.PreparationBroke, reason: Perseverance.Describe(e)));
        }
        catch (Exception unwritten)
        {
            LogPreparationFailed(unwritten, Id); // the journal is not ours any more, or cannot be written
        }
    }

    private async Task TellBroker()
    {
        await Broker.DemandsChanged(Id, CancellationToken.None);
        _brokerKnows = true;
    }

    private async Task AskToSettle()
    {
        _settling = true;
        try
        {
            await this.AsReference<ISweepGrain>().SettleMoved(CancellationToken.None);
        }
        catch (Exception e)
        {
            // Tending will make up for the failure.
            _settling = false;
            LogNotSettled(e, Id);
        }
    }

    private async Task SettleAll()
    {
        foreach (var trial in await reader.Settled(Id)) _moved.Add(trial.Recipe);
        if (_search is not null) _news.UnionWith(await reader.Waiting(Id));
        await Settle();
    }

    /// <summary>Ends the trials that the moved trainings have met or failed, and the sweep with the last of them.</summary>
    private async Task Settle()
    {
        while (_moved.Count > 0)
        {
            string[] recipes = [.. _moved.Take(SettledAtOnce)];
            _moved.ExceptWith(recipes);
            _open.ExceptWith(await Commit(j => j.Settle(Id, Now(), recipes)));
            // A search that is under way would read the rows as they were before.
            if (_search is not null) _news.UnionWith(recipes);
        }
        if (_state != SweepState.Running) return;
        if (_search is not null && _news.Count > 0 && !_searching) _ = Search();
        else if (_open.Count == 0 && _extending is null && !_searching && _search?.IsFinished != false) await Finish();
    }

    private async Task Finish()
    {
        // Making the digest takes a while, in which the sweep may be cancelled, extended or retried: then it has not completed.
        long seen = await reader.LastEvent(Id);
        var digest = await Task.Run(() => facts.ResultDigest(Id));
        if (!await Commit(j => j.CompleteSweep(Id, Now(), digest, seen)))
        {
            await ReadAgain();
            return;
        }
        _state = SweepState.Completed;
        LogFinished(Id, digest?.Short ?? "none");
        GrainFactory.GetGrain<ICacheGrain>(0).Tend(CancellationToken.None).Ignore();
    }

    /// <summary>Settles the trials that were opened again: what is met already ends at once, and the rest goes to the broker.</summary>
    private async Task GoOn()
    {
        if (await ReadAgain() is not { } row) return;
        if (_state is SweepState.Running or SweepState.Paused) await OpenSearch(row);
        if (_state == SweepState.Running && _search is not null) _ = Search();
        if (_state == SweepState.Running) await SettleAll();
        await TellBroker();
    }

    private void Require(SweepState state, string rule)
    {
        if (_state != state) throw new SpecException($"Sweep {Id} is {_state?.ToString() ?? "unknown"}. {rule}");
    }

    private void RequireBegun(string what)
    {
        if (_state is not (SweepState.Running or SweepState.Paused or SweepState.Completed))
            throw new SpecException($"Sweep {Id} is {_state?.ToString() ?? "unknown"} and cannot be {what}. Submit its file anew: " +
                "what was trained is not trained again.");
    }

    /// <summary>Takes what the journal says of the sweep for what is known of it. Returns its row, or null when it is gone.</summary>
    private async Task<SweepRow?> ReadAgain()
    {
        var row = await reader.Sweep(Id);
        _state = row?.State;
        _open = [.. await reader.OpenTrials(Id)];
        return row;
    }

    /// <summary>Writes under this activation's term. After any failure the journal is the truth, so the activation ends.</summary>
    private async Task<T> Commit<T>(Func<JournalTransaction, T> write)
    {
        try
        {
            return await writer.Write(j =>
            {
                j.RequireTerm(Id, _term!.Value);
                return write(j);
            });
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private Task<bool> Commit(Action<JournalTransaction> write) => Commit(j =>
    {
        write(j);
        return true;
    });

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep} ({Name}) is submitted.")]
    private partial void LogSubmitted(SweepId sweep, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep}: {Trials} trials of {Trainings} trainings.")]
    private partial void LogPrepared(SweepId sweep, int trials, int trainings);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep}: preparation broke off.")]
    private partial void LogPreparationFailed(Exception exception, SweepId sweep);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Sweep {Sweep}: what its trainings came to is not recorded yet; tending will make up for it.")]
    private partial void LogNotSettled(Exception exception, SweepId sweep);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep} has ended; digest {Digest}.")]
    private partial void LogFinished(SweepId sweep, string digest);
}
