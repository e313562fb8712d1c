using Client.Commands;
using Grains.Interfaces.Model;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Renders what is kept of each training.</summary>
internal static class KeptView
{
    public static FittingTable Table(IReadOnlyCollection<KeptTraining> kept) => new FittingTable()
        .Add("training", kept.Select(k => k.Training.Short))
        .Add("trials", kept.Select(k => k.Trials.Length == 0 ? Words.None
            : Markup.Escape($"{k.Trials[0]}{(k.Trials.Length > 1 ? $" + {k.Trials.Length - 1}" : "")}")))
        .Add("kept", kept.Select(k => string.Join(", ", k.Checkpoints.Select(c => $"{c.Kind}@{c.Epoch}"))),
            shorter: kept.Select(k => $"{k.Checkpoints.Length} up to epoch {k.Checkpoints.Max(c => c.Epoch)}"))
        .Add("size", kept.Select(k => ByteSize.Text(k.Bytes)), number: true)
        .Add("trained in", kept.Select(k => Words.Seconds(k.Seconds)), number: true)
        .Add("needed", kept.Select(k => k.Needed ? "yes" : ""))
        .Giving("trained in", "trials", "kept", "needed")
        .Elsewhere("--format json has them");
}
