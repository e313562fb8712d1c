using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>
/// Says which parameters act in a point: those whose own condition (`when`) holds and that the program looks at, by its catalog. A
/// parameter that does not act is left out of the point, so that it decides nothing for others either.
/// </summary>
internal sealed class ActingRules
{
    private readonly SettingCatalog _catalog;
    private readonly ImmutableSortedDictionary<string, SettingValue> _shared;
    private readonly ImmutableArray<Parameter> _parameters;

    public ActingRules(SweepSpec spec)
    {
        (_catalog, _shared, _parameters) = (spec.Program.Settings, spec.Shared, spec.Parameters);
        Order = Sorted();
        Deciders = [.. Enumerable.Range(0, _parameters.Length).SelectMany(DecidersOf).Distinct().Order()];
    }

    /// <summary>The parameters in the file's order, except that each comes after those that decide whether it acts.</summary>
    public ImmutableArray<int> Order { get; }

    /// <summary>The parameters on which it depends whether another acts.</summary>
    public ImmutableArray<int> Deciders { get; }

    /// <summary>The value that a point has where it gives none: the shared one, or the default.</summary>
    public SettingValue? Usual(string name) => _shared.GetValueOrDefault(name) ?? _catalog.Find(name)?.Default;

    /// <summary>Says for each parameter whether it acts in the point of these values; null for a value that is not given.</summary>
    public ImmutableArray<bool> Of(Func<int, SettingValue?> valueOf)
    {
        var point = new Partial(this);
        foreach (int i in Order)
        {
            if (point.Acts(i) && valueOf(i) is { } value) point = point.With(i, value);
        }
        return [.. Enumerable.Range(0, _parameters.Length).Select(point.Has)];
    }

    private IEnumerable<int> DecidersOf(int parameter)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        Collect(_parameters[parameter].When?.Setting);
        Follow(_parameters[parameter].Name);
        return Enumerable.Range(0, _parameters.Length).Where(i => i != parameter && named.Contains(_parameters[i].Name));

        void Collect(string? name)
        {
            if (name is not null && named.Add(name)) Follow(name);
        }

        void Follow(string name)
        {
            if (_catalog.Find(name) is not { } setting) return;
            Collect(setting.ActsWith?.Setting);
            if (setting.ActsWhen is null) return;
            // Such a rule is code, and may look at any word or list that it does not itself decide about.
            foreach (var other in _parameters)
            {
                if (other is ValuesParameter { Values: var values } && !values.All(v => v is NumberValue)
                    && _catalog.Find(other.Name)?.ActsWhen is null)
                    Collect(other.Name);
            }
        }
    }

    private ImmutableArray<int> Sorted()
    {
        var order = new List<int>();
        var seen = new HashSet<int>();
        foreach (int i in Enumerable.Range(0, _parameters.Length)) Visit(i);
        return [.. order];

        void Visit(int parameter)
        {
            if (!seen.Add(parameter)) return;
            foreach (int decider in DecidersOf(parameter)) Visit(decider);
            order.Add(parameter);
        }
    }

    /// <summary>The beginning of a point: the values that were given to parameters so far.</summary>
    public sealed class Partial
    {
        private readonly ActingRules _rules;
        private readonly ImmutableSortedDictionary<string, SettingValue> _own;
        private readonly PointSettings _settings;

        public Partial(ActingRules rules)
            : this(rules, ImmutableSortedDictionary<string, SettingValue>.Empty.WithComparers(StringComparer.Ordinal))
        {
        }

        private Partial(ActingRules rules, ImmutableSortedDictionary<string, SettingValue> own) =>
            (_rules, _own, _settings) = (rules, own, new PointSettings(rules._catalog, rules._shared, own));

        public bool Has(int parameter) => _own.ContainsKey(_rules._parameters[parameter].Name);

        public Partial With(int parameter, SettingValue value) => new(_rules, _own.SetItem(_rules._parameters[parameter].Name, value));

        /// <summary>Whether a parameter acts, once all that decides about it have their values.</summary>
        public bool Acts(int parameter) =>
            Holds(_rules._parameters[parameter].When) && _settings.Acts(_rules._parameters[parameter].Name);

        private bool Holds(Condition? condition)
        {
            if (condition is null) return true;
            bool isParameter = _rules._parameters.Any(p => p.Name == condition.Setting);
            bool isThere = isParameter ? _own.ContainsKey(condition.Setting)
                : _settings.IsGiven(condition.Setting) || _rules._catalog.Find(condition.Setting)?.Default is not null;
            return isThere && condition.Values.Contains(_settings[condition.Setting].ToString()) && _settings.Acts(condition.Setting);
        }
    }
}
