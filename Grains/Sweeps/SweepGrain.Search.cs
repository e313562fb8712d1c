using Grains.Interfaces.Model;
using Grains.Search;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>The part of the coordinator that follows a search, where the sweep has one.</summary>
public sealed partial class SweepGrain
{
    /// <summary>The trainings that moved since the search looked last.</summary>
    private readonly HashSet<string> _news = [];
    private SweepSearch? _search;
    private bool _searching;

    /// <summary>
    /// Proposes points and decides who goes on, for as long as something follows from what the trials came to. After a crash it begins
    /// again from the rows: what was decided follows again, and is then there already.
    /// </summary>
    private async Task Search()
    {
        if (_searching || _search is not { } search) return;
        _searching = true;
        // What broke off is taken up by the next activation, and by nothing in this one.
        if (await reader.Sweep(Id) is not { } row || !await SearchOn(row, search)) return;
        _searching = false;
        if (_search != search) _ = Search();
        else await Settle();
    }

    private async Task<bool> SearchOn(SweepRow row, SweepSearch search)
    {
        bool whole = false;
        await Guarded("sweep search", row, async () =>
        {
            try
            {
                await perseverance.Require(Id);
                do
                {
                    string[] moved = [.. _news];
                    _news.ExceptWith(moved);
                    var steps = await Task.Run(() => search.Next(moved));
                    if (steps.Count > 0) await Follow(row, search, steps);
                    if (search.Ending is { } ending) await Commit(j => j.AppendOnce(Id, Now(), SweepEvents.SearchEnded, ending));
                }
                while (_news.Count > 0 && _state == SweepState.Running && _search == search);
            }
            catch (SpecException e)
            {
                if (_state == SweepState.Running) await Commit(j => j.CancelSweep(Id, Now(), SweepState.Failed, e.Message));
                await ReadAgain();
            }
            whole = true;
        });
        return whole;
    }

    /// <summary>Writes what a search has decided: new trials, who goes on, and who stops.</summary>
    private async Task Follow(SweepRow row, SweepSearch search, IReadOnlyList<SearchStep> steps)
    {
        var prepared = await Task.Run(() => search.Lay(row, steps, preparation, _stop));
        await Commit(j =>
        {
            if (j.State(Id) != SweepState.Running) return;
            j.AddTrials(Id, Now(), prepared.Trainings, prepared.Trials, demanded: true, SweepEvents.Proposed);
            foreach (var step in steps)
            {
                foreach (int trial in search.TrialsOf(step.Point))
                {
                    if (step is SearchStep.Go go) j.GrantTrial(Id, Now(), trial, go.Epochs);
                    if (step is SearchStep.Stop stop) j.EndTrial(Id, Now(), trial, TrialState.Stopped, null, stop.Reason);
                }
            }
        });
        _open = [.. await reader.OpenTrials(Id)];
        await TellBroker();
        await SettleAll();
    }
}
