using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Analysis;

/// <summary>
/// Names a sweep's outcome: equal spec, data, seed and numeric environment give equal digests, however many silos ran it and whatever
/// befell them. It is the SHA-256 over version 2 of this form. Integers there are little-endian 32-bit, and text is UTF-8 behind its byte
/// count. Values and counts stand in the form of <see cref="MetricValues"/> and <see cref="CountTables"/>, behind their byte counts:
/// <code>
/// sweep    "sweep-result/2" objective metric-names count trial*      by (configuration, budget, replicate)
/// trial    the SHA-256, in hexadecimal digits, of:
///          configuration budget replicate state failure-or-"" initial final-or-"" count epoch*
/// epoch    number values counts
/// </code>
/// These are not in it: ids, names, numbers, times, silos, attempts, messages and aggregates.
/// </summary>
public static class ResultDigest
{
    private const string Version = "sweep-result/2";

    /// <summary>
    /// The digest. It is null without trials, while one is not terminal, and when one was cancelled or failed for a reason that is not the
    /// recipe's.
    /// </summary>
    /// <exception cref="InvalidOperationException">A completed trial has other epochs than 1..budget or no final weights, or any trial has
    /// a gap.</exception>
    public static Digest? Of(Ranking ranking, IReadOnlyList<TrialFacts> trials) =>
        trials.All(Counts) ? Of(ranking, [.. trials.Select(EntryOf)]) : null;

    /// <param name="entries">The entries of all the sweep's trials, in any order. They are made one by one, so no more than these need be
    /// in memory at once.</param>
    public static Digest? Of(Ranking ranking, IReadOnlyCollection<DigestEntry?> entries)
    {
        if (entries.Count == 0 || entries.Contains(null)) return null;

        using var form = new Form();
        form.Text(Version);
        form.Text(Canonical.Json(ranking.Objective));
        form.Text(string.Join(' ', ranking.Metrics.Metrics.Select(m => m.Name).Concat(ranking.Metrics.Tables)));
        form.Int(entries.Count);
        // Two trials of equal configuration, budget and replicate do not occur. If they did, their digests would put them in order.
        var inOrder = entries.OfType<DigestEntry>().OrderBy(e => e.Configuration, StringComparer.Ordinal).ThenBy(e => e.Epochs)
            .ThenBy(e => e.Replicate)
            .ThenBy(e => e.Digest.Value, StringComparer.Ordinal);
        foreach (var entry in inOrder) form.Text(entry.Digest.Value);
        return Digest.Of(form.ToArray());
    }

    /// <summary>The entry of a trial; null when there is no digest with such a trial.</summary>
    public static DigestEntry? EntryOf(TrialFacts trial) =>
        Counts(trial) ? new DigestEntry(trial.ConfigurationKey(), trial.Epochs, trial.Replicate, Encode(trial)) : null;

    private static bool Counts(TrialFacts trial) => trial.State switch
    {
        _ when !trial.Recipe.Repeats => false,
        TrialState.Completed or TrialState.Stopped => true,
        TrialState.Failed => trial.Failure?.IsOfTheRecipe() == true,
        TrialState.Cancelled or TrialState.Pending or TrialState.Running or TrialState.Paused => false,
        _ => throw new InvalidOperationException($"Trial {trial.Number} is in a state without a meaning here: {trial.State}."),
    };

    private static Digest Encode(TrialFacts trial)
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
            form.Bytes(m.Values.Packed);
            form.Bytes(m.Counts.Packed);
        }
        return Digest.Of(form.ToArray());
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

        public void Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

        public void Bytes(byte[] value)
        {
            Int(value.Length);
            _writer.Write(value);
        }

        public byte[] ToArray()
        {
            _writer.Flush();
            return _bytes.ToArray();
        }

        public void Dispose() => _writer.Dispose();
    }
}

/// <summary>The digest of one trial, and its place in the order.</summary>
public sealed record DigestEntry(string Configuration, int Epochs, int Replicate, Digest Digest);
