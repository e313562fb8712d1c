// Seeks a short round trip through cities by simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983): a stretch of the trip is turned
// around when that makes it shorter, and with probability exp(−longer / temperature) when it does not. The temperature falls each epoch.
using Sweeping;

const int Cities = 150, TurnsPerEpoch = 300_000;

var sweep = SweepProgram.Open(args);
double temperature = sweep.Number("temperature", 0.1), cooling = sweep.Number("cooling", 0.8);
var map = Drawn(new Random(1));
int[] trip = sweep.Load<int[]>() ?? [.. Enumerable.Range(0, Cities)];

foreach (int epoch in sweep.Epochs(alone: 20))
{
    Anneal(sweep.Random(epoch), temperature * Math.Pow(cooling, epoch - 1));
    sweep.Report(epoch, sweep.Save(trip, $"epoch-{epoch}"), ("length", Length()));
}

void Anneal(Random stream, double heat)
{
    for (int turn = 0; turn < TurnsPerEpoch; turn++)
    {
        int first = stream.Next(1, Cities), last = stream.Next(1, Cities);
        if (first > last) (first, last) = (last, first);
        int before = trip[first - 1], after = trip[(last + 1) % Cities];
        double longer = Distance(before, trip[last]) + Distance(trip[first], after) - Distance(before, trip[first]) - Distance(trip[last], after);
        if (longer <= 0 || stream.NextDouble() < Math.Exp(-longer / heat)) Array.Reverse(trip, first, last - first + 1);
    }
}

double Length() => Enumerable.Range(0, Cities).Sum(i => Distance(trip[i], trip[(i + 1) % Cities]));

double Distance(int one, int other) =>
    Math.Sqrt((map[one].X - map[other].X) * (map[one].X - map[other].X) + (map[one].Y - map[other].Y) * (map[one].Y - map[other].Y));

static (double X, double Y)[] Drawn(Random stream) => [.. Enumerable.Range(0, Cities).Select(_ => (stream.NextDouble(), stream.NextDouble()))];
