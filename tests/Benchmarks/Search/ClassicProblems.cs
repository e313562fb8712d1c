using System.Collections.Immutable;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using static Benchmarks.Search.Problem;

namespace Benchmarks.Search;

/// <summary>Functions of the literature, and one that is mixed and conditional (../shared/search/findings.md).</summary>
internal static class ClassicProblems
{
    private static readonly double[] s_alpha = [1, 1.2, 3, 3.2];

    private static readonly double[,] s_a =
    {
        { 10, 3, 17, 3.5, 1.7, 8 }, { 0.05, 10, 17, 0.1, 8, 14 }, { 3, 3.5, 1.7, 10, 17, 8 }, { 17, 8, 0.05, 10, 0.1, 14 },
    };

    private static readonly double[,] s_p =
    {
        { 1312, 1696, 5569, 124, 8283, 5886 }, { 2329, 4135, 8307, 3736, 1004, 9991 },
        { 2348, 1451, 3522, 2883, 3047, 6650 }, { 4047, 8828, 8732, 5743, 1091, 381 },
    };

    public static readonly Problem Branin = new("Branin", SpaceOf(Real("x", -5, 10), Real("y", 0, 15)), 0.39788735772973816, p =>
    {
        double x = Number(p, "x"), y = Number(p, "y"), curve = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
        return curve * curve + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x) + 10;
    });

    public static readonly Problem Hartmann6 = new("Hartmann-6", Cube(6, 0, 1), -3.322368011415515, p =>
    {
        double[] x = Coordinates(p, 6);
        double sum = 0;
        for (int i = 0; i < 4; i++)
        {
            double inner = 0;
            for (int j = 0; j < 6; j++) inner += s_a[i, j] * (x[j] - s_p[i, j] / 10_000.0) * (x[j] - s_p[i, j] / 10_000.0);
            sum += s_alpha[i] * Math.Exp(-inner);
        }
        return -sum;
    });

    public static readonly Problem Rosenbrock4 = new("Rosenbrock-4", Cube(4, -2.048, 2.048), 0, p =>
    {
        double[] x = Coordinates(p, 4);
        return Enumerable.Range(0, 3).Sum(i => 100 * Square(x[i + 1] - x[i] * x[i]) + Square(1 - x[i]));
    });

    /// <summary>The branch `tree` is a decoy: it is easy, and its best is .05 above that of `net`.</summary>
    public static readonly Problem Mixed = new("mixed", SpaceOf(
        Words("model", "linear", "tree", "net"),
        In(Real("c", 1e-4, 1e4, log: true), "linear"), In(Words("penalty", "l1", "l2"), "linear"),
        In(Real("rate", 1e-3, 1, log: true), "tree"), In(Whole("depth", 1, 32, log: true), "tree"),
        In(Whole("leaf", 1, 256, log: true), "tree"), In(Real("subsample", 0.3, 1), "tree"),
        In(Real("lr", 1e-5, 1, log: true), "net"), In(Real("drop", 0, 0.8), "net"), In(Whole("layers", 1, 4), "net"),
        In(Words("act", "gelu", "relu", "tanh"), "net"),
        Width(0, "1", "2", "3", "4"), Width(1, "2", "3", "4"), Width(2, "3", "4"), Width(3, "4")), 0.15, Conditional);

    public static readonly ImmutableArray<Problem> All = [Branin, Hartmann6, Rosenbrock4, Mixed];

    private static double Conditional(SearchPoint p)
    {
        switch (p.Settings["model"].ToString())
        {
            case "linear":
                return 0.30 + 0.01 * Square(Math.Log10(Number(p, "c")) - 1) + (p.Settings["penalty"].ToString() == "l1" ? 0.02 : 0);
            case "tree":
                return 0.20 + 0.15 * Square((Math.Log10(Number(p, "rate")) + 1.2) / 1.8)
                    + 0.10 * Square(Math.Log(Number(p, "depth") / 8) / Math.Log(8)) + 0.05 * Square((Math.Log2(Number(p, "leaf")) - 3) / 5)
                    + 0.2 * Square(Number(p, "subsample") - 0.75);
            default:
                int layers = (int)Number(p, "layers");
                double z = (Math.Log10(Number(p, "lr")) + 2.5 + 0.4 * (layers - 1)) / 0.8;
                double act = p.Settings["act"].ToString() switch { "gelu" => 0, "relu" => 0.01, _ => 0.04 };
                return 0.15 + 0.25 * (1 - Math.Exp(-z * z / 2)) + 0.02 * Square(layers - 3) + act + 0.3 * Square(Number(p, "drop") - 0.2)
                    + Enumerable.Range(0, layers).Average(i => 0.02 * Square(Math.Log2(Number(p, $"w{i}")) - (8 - i)));
        }
    }

    private static Parameter In(Parameter parameter, string model) => parameter with { When = new Condition("model", [model]) };

    private static RangeParameter Width(int layer, params ImmutableArray<string> layers) =>
        Whole($"w{layer}", 16, 1024, log: true) with { When = new Condition("layers", layers) };

    private static SearchSpace Cube(int dimensions, double min, double max) =>
        SpaceOf([.. Enumerable.Range(0, dimensions).Select(i => (Parameter)Real($"x{i}", min, max))]);

    private static double[] Coordinates(SearchPoint point, int dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(i => Number(point, $"x{i}"))];

    private static double Square(double x) => x * x;
}
