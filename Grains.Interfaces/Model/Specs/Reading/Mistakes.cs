using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Collects the mistakes in a file, so that a person mends it in one go.</summary>
internal sealed class Mistakes
{
    private readonly List<SpecError> _errors = [];
    private readonly HashSet<SpecError> _known = [];

    public int Count => _errors.Count;

    public void Add(string path, YamlNode at, string rule, string remedy) => Add(path, at, at.Show(), rule, remedy);

    public void Add(string path, YamlNode at, string value, string rule, string remedy)
    {
        var error = new SpecError(path, at.Line, at.Column, value, rule, remedy);
        // A mistake in an anchor that is used twice counts once.
        if (_known.Add(error)) _errors.Add(error);
    }

    /// <summary>The mistakes, in the file's order.</summary>
    public ImmutableArray<SpecError> Ordered => [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];
}
