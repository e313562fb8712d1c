using System.Text;
using Grains.Interfaces.Model;

namespace Grains.Analysis;

/// <summary>
/// Names a sweep's outcome: equal spec, data, seed and numeric environment give equal digests, however many silos ran it and whatever
/// befell them. It is the SHA-256 over version 1 of this form. Integers there are little-endian 32-bit, losses are IEEE-754 bits with one
/// canonical NaN, and text is UTF-8 behind its byte count:
/// <code>
/// sweep    "sweep-result/1" objective count trial*      by (configuration, budget, replicate)
/// trial    configuration budget replicate state failure-or-"" initial final-or-"" count epoch* test(last) test(best)
/// epoch    number  train: loss correct total  validation: loss correct total  penalty
/// test     number  loss correct total                   number 0 and nothing else where the trial has no epoch
/// </code>
/// These are not in it: ids, names, numbers, times, silos, attempts, messages, aggregates, and the test split at any other epoch.
/// </summary>
public static class ResultDigest
{
    private const string Version = "sweep-result/1";

    /// <summary>
    /// The digest. It is null without trials, while one is not terminal, and when one was cancelled or failed for a reason that is not the
    /// recipe's.
    /// </summary>
    /// <exception cref="InvalidOperationException">A completed trial has other epochs than 1..budget or no final weights, or any trial has
    /// a gap.</exception>
    public static Digest? Of(Objective objective, IReadOnlyList<TrialFacts> trials) =>
        trials.All(Counts) ? Of(objective, [.. trials.Select(t => EntryOf(objective, t))]) : null;

    /// <param name="entries">The entries of all the sweep's trials, in any order. They are made one by one, so no more than these need be
    /// in memory at once.</param>
    public static Digest? Of(Objective objective, IReadOnlyCollection<DigestEntry?> entries)
    {
        if (entries.Count == 0 || entries.Contains(null)) return null;

        using var form = new Form();
        form.Text(Version);
        form.Text(Canonical.Json(objective));
        form.Int(entries.Count);
        // Two trials of equal configuration, budget and replicate do not occur. If they did, the bytes themselves would put them in order.
        var inOrder = entries.OfType<DigestEntry>().OrderBy(e => e.Configuration, StringComparer.Ordinal).ThenBy(e => e.Epochs)
            .ThenBy(e => e.Replicate)
            .ThenBy(e => e.Bytes, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        foreach (var entry in inOrder) form.Raw(entry.Bytes);
        return Digest.Of(form.ToArray());
    }

    /// <summary>The entry of a trial; null when there is no digest with such a trial.</summary>
    public static DigestEntry? EntryOf(Objective objective, TrialFacts trial) =>
        Counts(trial) ? new DigestEntry(trial.ConfigurationKey(), trial.Epochs, trial.Replicate, Encode(objective, trial)) : null;

    private static bool Counts(TrialFacts trial) => trial.State switch
    {
        TrialState.Completed or TrialState.Stopped => true,
        TrialState.Failed => trial.Failure?.IsOfTheRecipe() == true,
        TrialState.Cancelled or TrialState.Pending or TrialState.Running or TrialState.Paused => false,
        _ => throw new InvalidOperationException($"Trial {trial.Number} is in a state without a meaning here: {trial.State}."),
    };

    private static byte[] Encode(Objective objective, TrialFacts trial)
    {
        RequireWhole(trial);
        using var form = new Form();
        form.Text(trial.ConfigurationKey());
        form.Int(trial.Epochs);
        form.Int(trial.Replicate);
        form.Text(trial.State.ToString());
        form.Text(trial.Failure?.ToString() ?? "");
        form.Text(trial.Recipe.InitialCheckpoint.Value);
        // A failed trial leaves a checkpoint that depends on when the trial was interrupted.
        form.Text(trial.State == TrialState.Failed ? "" : trial.FinalCheckpoint?.Value ?? "");
        form.Int(trial.Measurements.Length);
        foreach (var m in trial.Measurements)
        {
            form.Int(m.Epoch);
            form.Split(m.Train);
            form.Split(m.Validation);
            form.Loss(m.Penalty);
        }
        form.Test(trial.Measurements.LastOrDefault());
        form.Test(objective.Best(trial.Measurements));
        return form.ToArray();
    }

    private static void RequireWhole(TrialFacts trial)
    {
        var epochs = trial.Measurements.Select(m => m.Epoch);
        bool contiguous = epochs.SequenceEqual(Enumerable.Range(1, trial.Measurements.Length)) && trial.Measurements.Length <= trial.Epochs;
        bool completed = trial.State == TrialState.Completed;
        if (!contiguous || (completed && trial.Measurements.Length != trial.Epochs))
        {
            throw new InvalidOperationException(
                $"Trial {trial.Number} is {trial.State} with epochs [{string.Join(", ", epochs)}], which are not " +
                $"{(completed ? "exactly" : "the first of")} 1..{trial.Epochs}.");
        }
        if (completed && trial.FinalCheckpoint is null)
            throw new InvalidOperationException($"Trial {trial.Number} is Completed without a digest of its final weights.");
    }

    private sealed class Form : IDisposable
    {
        private readonly MemoryStream _bytes = new();
        private readonly BinaryWriter _writer;

        public Form() => _writer = new BinaryWriter(_bytes);

        public void Int(int value) => _writer.Write(value);

        public void Loss(double value) => _writer.Write(Bits.Of(value));

        public void Raw(byte[] value) => _writer.Write(value);

        public void Text(string value)
        {
            var utf8 = Encoding.UTF8.GetBytes(value);
            Int(utf8.Length);
            Raw(utf8);
        }

        public void Split(SplitResult split)
        {
            Loss(split.Loss);
            Int(split.Correct);
            Int(split.Total);
        }

        public void Test(Measurement? m)
        {
            Int(m?.Epoch ?? 0);
            if (m is not null) Split(m.Test);
        }

        public byte[] ToArray()
        {
            _writer.Flush();
            return _bytes.ToArray();
        }

        public void Dispose() => _writer.Dispose();
    }
}

/// <summary>The bytes that one trial adds to the digest, and its place in the order.</summary>
public sealed record DigestEntry(string Configuration, int Epochs, int Replicate, byte[] Bytes);
