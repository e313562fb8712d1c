using System.Reflection;
using Grains.Interfaces;
using Grains.Interfaces.Model;

namespace Tests.Unit.Watching;

/// <summary>Answers as the reader of a cluster would, with what the test says. A proxy derives from it, so that it is open.</summary>
public class ScriptedReader : DispatchProxy
{
    private Func<WatchCursor, IAsyncEnumerable<SweepUpdate>> _watch = _ => throw new NotSupportedException();
    private SweepSummary? _status;
    private SweepId[] _sweeps = [];

    /// <summary>Makes a reader of one watched sweep.</summary>
    /// <param name="watch">Begins an enumeration behind the cursor.</param>
    /// <param name="status">What the sweep is once an enumeration has ended.</param>
    public static ISweepReaderGrain Of(Func<WatchCursor, IAsyncEnumerable<SweepUpdate>> watch, SweepSummary status)
    {
        var (reader, script) = Create();
        (script._watch, script._status) = (watch, status);
        return reader;
    }

    /// <summary>Makes a reader of a cluster that has these sweeps.</summary>
    public static ISweepReaderGrain Of(params string[] sweeps)
    {
        var (reader, script) = Create();
        script._sweeps = [.. sweeps.Select(s => new SweepId(s))];
        return reader;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ISweepReaderGrain.Watch) => _watch((WatchCursor)args![1]!),
        nameof(ISweepReaderGrain.Status) => Task.FromResult(_status),
        nameof(ISweepReaderGrain.Trials) => Task.FromResult<TrialView[]>([]),
        nameof(ISweepReaderGrain.Resolve) => Task.FromResult(Named((string)args![0]!)),
        var other => throw new NotSupportedException(other),
    };

    /// <summary>Names sweeps as the cluster does: the whole ID alone, or else all that begin with the text.</summary>
    private SweepId[] Named(string text)
    {
        var whole = _sweeps.Where(s => s.Value == text).ToArray();
        return whole.Length > 0 ? whole : [.. _sweeps.Where(s => s.Value.StartsWith(text, StringComparison.Ordinal))];
    }

    private static (ISweepReaderGrain, ScriptedReader) Create()
    {
        var reader = Create<ISweepReaderGrain, ScriptedReader>();
        return (reader, (ScriptedReader)(object)reader);
    }
}
