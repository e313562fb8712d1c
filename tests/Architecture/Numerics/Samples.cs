#pragma warning disable CA1822, CA1812, IDE0051 // The samples are compiled and never run.

// Three samples: the second has more around the same code, and the third another constant.
namespace Tests.Architecture.Numerics.Samples.One
{
    internal sealed class Sample(int rate)
    {
        private int _sum;

        public IEnumerable<int> Steps(int count)
        {
            for (int i = 0; i < count; i++) yield return i * rate;
        }

        public int Sum(int[] values, int factor)
        {
            _sum += values.Select(v => new { v, Scaled = v * factor }).Where(p => p.Scaled > 3).Sum(p => p.v);
            return Local(_sum);

            int Local(int x) => x + rate + values.Select(v => v + 1).Count();
        }

        public string Named(string word) => word switch
        {
            "a" => "one",
            "b" => "two",
            "c" => "three",
            "d" => "four",
            "e" => "five",
            "f" => "six",
            "g" => "seven",
            _ => "more",
        };
    }
}

namespace Tests.Architecture.Numerics.Samples.Two
{
    internal static class Before
    {
        public static object Other(int[] values) => values.Select(v => new { v, Other = 1, Third = 2 }).ToList();
    }

    internal sealed class Sample(int rate)
    {
        private int _sum;

        public string Named(string word) => word switch
        {
            "a" => "one",
            "b" => "two",
            "c" => "three",
            "d" => "four",
            "e" => "five",
            "f" => "six",
            "g" => "seven",
            _ => "more",
        };

        // The members stand in another order.
        public int Sum(int[] values, int factor)
        {
            _sum += values.Select(v => new { v, Scaled = v * factor }).Where(p => p.Scaled > 3).Sum(p => p.v);
            return Local(_sum);

            int Local(int x) =>
                x + rate
                    + values.Select(v => v + 1).Count();
        }

        public IEnumerable<int> Steps(int count)
        {
            for (int i = 0; i < count; i++) yield return i * rate;
        }
    }
}

namespace Tests.Architecture.Numerics.Samples.Three
{
    internal sealed class Sample(int rate)
    {
        private int _sum;

        public IEnumerable<int> Steps(int count)
        {
            for (int i = 0; i < count; i++) yield return i * rate;
        }

        public int Sum(int[] values, int factor)
        {
            _sum += values.Select(v => new { v, Scaled = v * factor }).Where(p => p.Scaled > 3).Sum(p => p.v);
            return Local(_sum);

            int Local(int x) => x + rate + values.Select(v => v + 2).Count();
        }

        public string Named(string word) => word switch
        {
            "a" => "one",
            "b" => "two",
            "c" => "three",
            "d" => "four",
            "e" => "five",
            "f" => "six",
            "g" => "seven",
            _ => "more",
        };
    }
}
