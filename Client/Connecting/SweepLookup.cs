using Grains.Interfaces;
using Grains.Interfaces.Model;

namespace Client.Connecting;

/// <summary>Finds the sweep that a person names.</summary>
internal static class SweepLookup
{
    private const int MostNamed = 8;

    /// <summary>Returns the sweep that has exactly this ID, or that "last" means.</summary>
    /// <param name="verb">The verb that asks, for messages.</param>
    /// <exception cref="CommandException">There is none.</exception>
    public static async Task<SweepId> Whole(ISweepReaderGrain reader, string text, string verb, CancellationToken cancellationToken)
    {
        var found = await ClusterConnection.Ask(() => reader.Resolve(text, cancellationToken), cancellationToken);
        if (text == "last" || found.Any(f => f.Value == text)) return await Any(reader, text, cancellationToken);
        // A fork's ID begins with its parent's, so that a parent that was deleted seems to be a prefix.
        throw CommandException.BadInput(found.Length == 0
            ? $"there is no sweep '{text}'. `sweep list` shows what there is."
            : $"there is no sweep '{text}': '{text}' is only the beginning of {Several(found)}; " +
                $"`sweep {verb}` takes a whole ID, or `last`.");
    }

    /// <summary>Returns the sweep that an ID, the beginning of an ID, or "last" means.</summary>
    /// <exception cref="CommandException">There is none, or more than one.</exception>
    public static async Task<SweepId> Any(ISweepReaderGrain reader, string text, CancellationToken cancellationToken)
    {
        if (text.Length == 0) throw CommandException.BadInput("ID: '' is empty. `sweep list` shows the sweeps.");
        var found = await ClusterConnection.Ask(() => reader.Resolve(text, cancellationToken), cancellationToken);
        if (found.Length == 1 || (text == "last" && found.Length > 0)) return found[0];
        if (found.Length == 0)
        {
            throw CommandException.BadInput(text == "last"
                ? "there is no sweep that could start yet. `sweep submit FILE` makes one."
                : $"no sweep's ID begins with '{text}'. `sweep list` shows them.");
        }
        foreach (var id in found)
            if (id.Value == text) return id;
        throw CommandException.BadInput($"'{text}' is ambiguous: {Several(found)}. Give more of the ID.");
    }

    private static string Several(SweepId[] found) =>
        $"{string.Join(", ", found.Take(MostNamed))}{(found.Length > MostNamed ? " …" : "")}";
}
