using Grains.Interfaces.Model;
using Grains.Search;
using Grains.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace Grains.Sweeps;

/// <summary>The part of the coordinator that follows a search, where the sweep has one.</summary>
public sealed partial class SweepGrain
{
    /// <summary>The trainings that moved since the search looked last.</summary>
    private readonly HashSet<string> _news = [];
    private SweepSearch? _search;
    private bool _searching, _reopenSearch;

    /// <summary>
    /// Takes the search up where the journal has it. While it is under way it knows more than the journal, so that it is taken up behind
    /// its present round.
    /// </summary>
    private async Task OpenSearch(SweepRow row)
    {
        if (_searching) _reopenSearch = true;
        else _search = await SweepSearch.Open(row, reader);
    }

    /// <summary>
    /// Proposes points and decides who goes on, for as long as something follows from what the trials came to. After a crash it begins
    /// again from the rows: what was decided follows again, and is then there already.
    /// </summary>
    private async Task Search()
    {
        if (_searching || _search is not { } search) return;
        _searching = true;
        // What broke off is taken up by the next activation, and by nothing in this one.
        if (!await SearchOn(search.Row)) return;
        _searching = false;
        await Settle();
    }

    private async Task<bool> SearchOn(SweepRow row)
    {
        bool whole = false;
        await Guarded("sweep search", row, async () =>
        {
            try
            {
                await perseverance.Require(Id);
                do
                {
                    if (_reopenSearch) _search = await SweepSearch.Open(row, reader);
                    _reopenSearch = false;
                    if (_search is not { } search) break;
                    string[] moved = [.. _news];
                    _news.ExceptWith(moved);
                    var steps = await Task.Run(() => search.Next(moved));
                    if (steps.Count > 0) await Follow(search, steps);
                    if (search.Ending is { } ending) await Commit(j => j.AppendOnce(Id, Now(), SweepEvents.SearchEnded, ending));
                }
                while ((_news.Count > 0 || _reopenSearch) && _state == SweepState.Running);
            }
            catch (SpecException e)
            {
                if (_state == SweepState.Running) await Commit(j => j.CancelSweep(Id, Now(), SweepState.Failed, e.Message));
                await ReadAgain();
                await TryTellBroker();
            }
            whole = true;
        });
        return whole;
    }

    /// <summary>Writes what a search has decided: new trials, who goes on, and who stops.</summary>
    private async Task Follow(SweepSearch search, IReadOnlyList<SearchStep> steps)
    {
        var prepared = await Task.Run(() => search.Lay(steps, preparation, _stop));
        await Commit(j =>
        {
            if (j.State(Id) != SweepState.Running) return;
            var added = prepared.Trials.Where(t => !j.HasTrial(Id, t.Number)).ToList();
            var recipes = added.Select(t => t.Recipe).ToHashSet(StringComparer.Ordinal);
            j.AddTrials(Id, Now(), [.. prepared.Trainings.Where(t => recipes.Contains(t.Recipe))], added, demanded: true, SweepEvents.Proposed);
            foreach (var step in steps)
            {
                foreach (int trial in search.TrialsOf(step.Point))
                {
                    if (step is SearchStep.Go go) j.GrantTrial(Id, Now(), trial, go.Epochs);
                    if (step is SearchStep.Stop stop) j.StopTrial(Id, Now(), trial, stop.Epochs, stop.Reason);
                }
            }
        });
        _open = [.. await reader.OpenTrials(Id)];
        await TryTellBroker();
        await SettleAll();
    }

    /// <summary>Tells the broker of new demands. Where that fails, tending makes up for it.</summary>
    private async Task TryTellBroker()
    {
        _brokerKnows = false;
        try
        {
            await TellBroker();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogNotTold(e, Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep}: the broker does not know of its new demands yet; tending will tell it.")]
    private partial void LogNotTold(Exception exception, SweepId sweep);
}
