using Grains.Interfaces;
using Grains.Training;

namespace Grains.Leases;

/// <summary>The code that each run of a silo trains with, as its slots tell when they ask for work.</summary>
public sealed class SiloCodes
{
    private readonly Dictionary<string, Known> _silos = [];

    /// <summary>Notes what the asking slot's silo has.</summary>
    public void Note(SlotRequest slot)
    {
        if (!_silos.ContainsKey(slot.Generation)) _silos.Add(slot.Generation, new Known(slot.Silo, new CodeOffer(slot.Code)));
    }

    /// <summary>Forgets the runs that are over.</summary>
    public void Keep(IReadOnlySet<string> dead)
    {
        foreach (string generation in _silos.Keys.Where(dead.Contains).ToList()) _silos.Remove(generation);
    }

    /// <summary>Whether a silo that has asked, and is not forgotten since, can train recipes of this numeric path.</summary>
    public bool Has(string generation, string numericPath)
    {
        if (!_silos.TryGetValue(generation, out var known)) return false;
        if (!known.Answers.TryGetValue(numericPath, out bool has))
            known.Answers[numericPath] = has = known.Code.Lacks(numericPath).Count == 0;
        return has;
    }

    /// <summary>
    /// The reason why no silo can train recipes of this numeric path; null when one can, or when it is not known yet of some silo.
    /// </summary>
    /// <param name="training">The runs that have slots. One that has not asked since this broker began may have the code.</param>
    public string? Obstacle(string numericPath, IReadOnlyCollection<string> training)
    {
        if (_silos.Count == 0 || training.Any(g => !_silos.ContainsKey(g)) || _silos.Keys.Any(g => Has(g, numericPath))) return null;
        string[] lacks = [.. _silos.Values.SelectMany(s => s.Code.Lacks(numericPath)).Distinct().Order(StringComparer.Ordinal)];
        var silos = _silos.Values.GroupBy(s => s.Code.Instead(s.Code.Lacks(numericPath)), s => s.Name)
            .Select(g => (Names: g.Distinct().Order(StringComparer.Ordinal).ToList(), Code: g.Key)).OrderBy(g => g.Names[0])
            .Select(g => $"{string.Join(" and ", g.Names)} {(g.Names.Count == 1 ? "has" : "have")} {g.Code}");
        return $"no silo can train this: the recipe needs {string.Join(" and ", lacks)}, and {string.Join(", ", silos)}; " +
            "start a silo of that version, or submit the sweep again";
    }

    private sealed record Known(string Name, CodeOffer Code)
    {
        public Dictionary<string, bool> Answers { get; } = [];
    }
}
