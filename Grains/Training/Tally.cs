using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Training;

/// <summary>Adds up what a pass over a split gives.</summary>
internal sealed class Tally(int classes)
{
    private double _loss;
    private int _correct;
    private int _total;

    /// <summary>The confusion matrix: a row is a true class, and a column is a predicted one.</summary>
    private readonly int[] _confusion = new int[classes * classes];

    public SplitResult Result => new(_total == 0 ? 0 : _loss / _total, _correct, _total);

    public int[] Confusion => _total == 0 ? [] : _confusion;

    public void Add(double loss, int label, int predicted)
    {
        _loss += loss;
        _total++;
        if (label == predicted) _correct++;
        _confusion[(label * classes) + predicted]++;
    }
}
