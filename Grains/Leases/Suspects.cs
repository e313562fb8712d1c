namespace Grains.Leases;

/// <summary>
/// The trainings under which silos have died. Each is trained alone on its silo, until it makes an epoch or is failed. The first silo that
/// meets a waiting one is emptied: its slots take nothing else until it has begun.
/// </summary>
public sealed class Suspects
{
    private readonly HashSet<string> _recipes = [];
    private readonly Dictionary<string, string> _emptied = [];

    public IReadOnlyCollection<string> Recipes => _recipes;

    public bool Contains(string recipe) => _recipes.Contains(recipe);

    public void Add(string recipe) => _recipes.Add(recipe);

    /// <summary>Clears a training, and returns whether it was a suspect.</summary>
    public bool Remove(string recipe)
    {
        _emptied.Remove(recipe);
        return _recipes.Remove(recipe);
    }

    /// <summary>Forgets silos that were emptied for nothing.</summary>
    public void Keep(Func<string, bool> waits, Func<string, bool> lives)
    {
        foreach (var (recipe, silo) in _emptied.ToList())
            if (!waits(recipe) || !lives(silo)) _emptied.Remove(recipe);
    }

    /// <summary>Whether a slot of the silo may take the training.</summary>
    /// <param name="silo">The run of the silo.</param>
    /// <param name="under">The trainings that the silo is training.</param>
    public bool MayBegin(string recipe, string silo, IReadOnlyCollection<string> under)
    {
        if (under.Any(_recipes.Contains)) return false;
        if (!_recipes.Contains(recipe)) return !_emptied.ContainsValue(silo);
        if (under.Count > 0)
        {
            _emptied.TryAdd(recipe, silo);
            return false;
        }
        _emptied.Remove(recipe);
        return true;
    }
}
