using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>The spec of a sweep in the journal.</summary>
public static class SweepSpecs
{
    /// <exception cref="SpecException">The file of an earlier program has mistakes by the rules of this one, or a later program wrote it.</exception>
    public static SweepSpec Of(SweepRow sweep) =>
        sweep.Spec is { } spec ? SweepSpec.Read(spec) : SweepSpecReader.ReadAgain(sweep.Text, sweep.FileName, sweep.Folder);

    /// <summary>
    /// The spec of a sweep whose search decides something while it runs; null of any other. Programs that kept no spec had no search, nor
    /// has a fork.
    /// </summary>
    public static SweepSpec? OfSearch(SweepRow sweep) =>
        sweep is { Spec: { } spec, Fork: null } && SweepSpec.Read(spec) is { Search.Decides: true } found ? found : null;
}
