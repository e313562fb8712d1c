using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Grains.Training.Explicit;

/// <summary>
/// Computes 3×3 convolutions by F(2×2, 3×3) of Lavin and Gray 2016 (Winograd 1980). y = Aᵀ[(G·w·Gᵀ) ⊙ (Bᵀ·d·B)]A makes 2×2 pixels of y from
/// 4×4 of x with 16 products, where the plain way takes 36. Over all channels each of the 16 coordinates is a matrix product. The
/// transforms only add, subtract and halve, so float32 stays as accurate as the plain way. Legend: I inputs, O outputs, H W pixels, S
/// samples, X the 16 coordinates, N columns of a block (the samples of one or more tiles).
/// </summary>
internal sealed unsafe class Winograd : IDisposable
{
    private const int Coordinates = 16;
    private const int Taps = 9;
    private const int Lanes = SampleBatch.Lanes;

    /// <summary>
    /// The number of columns of a block. The products run at full width with so many, and a block stays in the cache with so few.
    /// </summary>
    private const int Block = 64;

    private readonly MatrixProduct _product;
    private readonly int _inputs, _outputs, _height, _width;
    private readonly float* _x_XCN, _y_XCN, _w_XOI, _zeros;

    public Winograd(MatrixProduct product, int inputs, int outputs, int height, int width)
    {
        (_product, _inputs, _outputs, _height, _width) = (product, inputs, outputs, height, width);
        _x_XCN = Allocate(Coordinates * Math.Max(inputs, outputs) * Block);
        _y_XCN = Allocate(Coordinates * Math.Max(inputs, outputs) * Block);
        _w_XOI = Allocate(Coordinates * outputs * inputs);
        _zeros = Allocate(Block);
    }

    ~Winograd() => Free();

    private int TilesDown => (_height + 1) / 2;

    private int TilesAcross => (_width + 1) / 2;

    /// <summary>Computes y ← w ∗ x + b, with zeros around x. Legend: T the 9 taps.</summary>
    public void Forward(float* w_OTI, float* bias_O, float* x_IHWS, float* y_OHWS, SampleBatch batch)
    {
        Transform(w_OTI, _w_XOI, _inputs, _outputs);
        Convolve(x_IHWS, _inputs, bias_O, y_OHWS, _outputs, batch, back: false);
    }

    /// <summary>
    /// Computes ∂L/∂x from ∂L/∂y by the weights of the last <see cref="Forward"/>. It is a convolution with the kernels turned about.
    /// </summary>
    public void Backward(float* gradient_OHWS, float* gradient_IHWS, SampleBatch batch) =>
        Convolve(gradient_OHWS, _outputs, null, gradient_IHWS, _inputs, batch, back: true);

    /// <summary>Computes ∂L/∂w from x and ∂L/∂y. The transformed weights are gone after it.</summary>
    public void Gradient(float* x_IHWS, float* gradient_OHWS, float* gradient_OTI, SampleBatch batch)
    {
        bool add = false;
        foreach (var block in Blocks(batch))
        {
            for (int t = 0; t < block.Tiles; t++)
            {
                Gather(x_IHWS, _inputs, batch, block, t, _x_XCN);
                Spread(gradient_OHWS, _outputs, batch, block, t, _y_XCN);
            }
            int n = block.Columns;
            for (int x = 0; x < Coordinates; x++)
            {
                var x_IN = new Matrix(_x_XCN + ((nint)x * _inputs * n), n, 1);
                var y_ON = new Matrix(_y_XCN + ((nint)x * _outputs * n), n, 1);
                _product.Multiply(y_ON, x_IN.Transposed, _w_XOI + ((nint)x * _outputs * _inputs), _inputs, _outputs, _inputs, n, add);
            }
            add = true;
        }
        TransformBack(_w_XOI, gradient_OTI, _inputs, _outputs);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Convolve(float* x_CHWS, int inputs, float* bias_C, float* y_CHWS, int outputs, SampleBatch batch, bool back)
    {
        foreach (var block in Blocks(batch))
        {
            int n = block.Columns;
            for (int t = 0; t < block.Tiles; t++) Gather(x_CHWS, inputs, batch, block, t, _x_XCN);
            for (int x = 0; x < Coordinates; x++)
            {
                var x_CN = new Matrix(_x_XCN + ((nint)x * inputs * n), n, 1);
                _product.Multiply(Weights(x, back), x_CN, _y_XCN + ((nint)x * outputs * n), n, outputs, n, inputs);
            }
            for (int t = 0; t < block.Tiles; t++) Scatter(_y_XCN, outputs, batch, block, t, bias_C, y_CHWS);
        }
    }

    /// <summary>Turns the kernels about: the first and the last row of a transform change places, and the columns likewise.</summary>
    private Matrix Weights(int coordinate, bool back)
    {
        int a = coordinate / 4, b = coordinate % 4;
        if (back) coordinate = (4 * Mirrored(a)) + Mirrored(b);
        var w_OI = new Matrix(_w_XOI + ((nint)coordinate * _outputs * _inputs), _inputs, 1);
        return back ? w_OI.Transposed : w_OI;

        static int Mirrored(int i) => i is 0 or 3 ? 3 - i : i;
    }

    /// <summary>Computes u ← G·w·Gᵀ for each pair of channels.</summary>
    private static void Transform(float* w_OTI, float* u_XOI, int inputs, int outputs)
    {
        nint plane = (nint)outputs * inputs;
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i += Lanes)
            {
                int left = inputs - i;
                float* w = w_OTI + ((nint)o * Taps * inputs) + i, u = u_XOI + ((nint)o * inputs) + i;
                Column(0);
                Column(1);
                Column(2);
                for (int a = 0; a < 4; a++)
                {
                    float* row = u + (4 * a * plane);
                    var (g0, g1, g2) = (Load(row, left), Load(row + plane, left), Load(row + (2 * plane), left));
                    var (u0, u1, u2, u3) = Kernel(g0, g1, g2);
                    Store(u0, row, left);
                    Store(u1, row + plane, left);
                    Store(u2, row + (2 * plane), left);
                    Store(u3, row + (3 * plane), left);
                }

                // A column of w becomes 4 of G·w, which stand where u comes.
                void Column(int column)
                {
                    var (u0, u1, u2, u3) = Kernel(Load(w + (column * inputs), left),
                        Load(w + ((3 + column) * (nint)inputs), left), Load(w + ((6 + column) * (nint)inputs), left));
                    Store(u0, u + (column * plane), left);
                    Store(u1, u + ((4 + column) * plane), left);
                    Store(u2, u + ((8 + column) * plane), left);
                    Store(u3, u + ((12 + column) * plane), left);
                }
            }
        }
    }

    /// <summary>Computes w ← Gᵀ·u·G, a gradient's way back through <see cref="Transform"/>. It overwrites u.</summary>
    private static void TransformBack(float* u_XOI, float* w_OTI, int inputs, int outputs)
    {
        nint plane = (nint)outputs * inputs;
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i += Lanes)
            {
                int left = inputs - i;
                float* w = w_OTI + ((nint)o * Taps * inputs) + i, u = u_XOI + ((nint)o * inputs) + i;
                for (int a = 0; a < 4; a++)
                {
                    float* row = u + (4 * a * plane);
                    var (w0, w1, w2) = KernelBack(Load(row, left), Load(row + plane, left), Load(row + (2 * plane), left),
                        Load(row + (3 * plane), left));
                    Store(w0, row, left);
                    Store(w1, row + plane, left);
                    Store(w2, row + (2 * plane), left);
                }
                for (int b = 0; b < 3; b++)
                {
                    float* column = u + (b * plane);
                    var (w0, w1, w2) = KernelBack(Load(column, left), Load(column + (4 * plane), left), Load(column + (8 * plane), left),
                        Load(column + (12 * plane), left));
                    Store(w0, w + (b * inputs), left);
                    Store(w1, w + ((3 + b) * (nint)inputs), left);
                    Store(w2, w + ((6 + b) * (nint)inputs), left);
                }
            }
        }
    }

    /// <summary>Computes Bᵀ·d·B of a tile of every channel.</summary>
    private void Gather(float* x_CHWS, int channels, SampleBatch batch, TileBlock block, int tile, float* to_XCN)
    {
        float** d = stackalloc float*[Coordinates];
        nint* next = stackalloc nint[Coordinates];
        var (top, left) = Corner(block.First + tile);
        for (int a = 0; a < Coordinates; a++)
        {
            int y = top - 1 + (a / 4), x = left - 1 + (a % 4);
            bool inside = y >= 0 && y < _height && x >= 0 && x < _width;
            d[a] = inside ? x_CHWS + ((((nint)y * _width) + x) * batch.Step) + block.Sample : _zeros;
            next[a] = inside ? (nint)_height * _width * batch.Step : 0;
        }

        nint plane = (nint)channels * block.Columns;
        float* to = to_XCN + (tile * block.Samples);
        for (int c = 0; c < channels; c++, to += block.Columns)
        {
            for (int s = 0; s < block.Samples; s += Lanes)
            {
                var (d00, d01, d02, d03) = Patch(
                    Vector512.Load(d[0] + s), Vector512.Load(d[1] + s), Vector512.Load(d[2] + s), Vector512.Load(d[3] + s));
                var (d10, d11, d12, d13) = Patch(
                    Vector512.Load(d[4] + s), Vector512.Load(d[5] + s), Vector512.Load(d[6] + s), Vector512.Load(d[7] + s));
                var (d20, d21, d22, d23) = Patch(
                    Vector512.Load(d[8] + s), Vector512.Load(d[9] + s), Vector512.Load(d[10] + s), Vector512.Load(d[11] + s));
                var (d30, d31, d32, d33) = Patch(
                    Vector512.Load(d[12] + s), Vector512.Load(d[13] + s), Vector512.Load(d[14] + s), Vector512.Load(d[15] + s));
                Put(Patch(d00, d10, d20, d30), to + s, 4 * plane);
                Put(Patch(d01, d11, d21, d31), to + s + plane, 4 * plane);
                Put(Patch(d02, d12, d22, d32), to + s + (2 * plane), 4 * plane);
                Put(Patch(d03, d13, d23, d33), to + s + (3 * plane), 4 * plane);
            }
            for (int a = 0; a < Coordinates; a++) d[a] += next[a];
        }
    }

    /// <summary>Computes Aᵀ·m·A of a tile of every channel, and writes it into y.</summary>
    private void Scatter(float* from_XCN, int channels, SampleBatch batch, TileBlock block, int tile, float* bias_C, float* y_CHWS)
    {
        var (top, left) = Corner(block.First + tile);
        bool below = top + 1 < _height, beside = left + 1 < _width;
        nint plane = (nint)channels * block.Columns, down = (nint)_width * batch.Step;
        float* m = from_XCN + (tile * block.Samples);
        for (int c = 0; c < channels; c++, m += block.Columns)
        {
            var bias = Vector512.Create(bias_C is null ? 0 : bias_C[c]);
            float* y = y_CHWS + ((((((nint)c * _height) + top) * _width) + left) * batch.Step) + block.Sample;
            for (int s = 0; s < block.Samples; s += Lanes)
            {
                var (m00, m10) = Sum(m + s, 0, plane);
                var (m01, m11) = Sum(m + s, 1, plane);
                var (m02, m12) = Sum(m + s, 2, plane);
                var (m03, m13) = Sum(m + s, 3, plane);
                (m00 + m01 + m02 + bias).Store(y + s);
                if (beside) (m01 - m02 - m03 + bias).Store(y + batch.Step + s);
                if (below) (m10 + m11 + m12 + bias).Store(y + down + s);
                if (below && beside) (m11 - m12 - m13 + bias).Store(y + down + batch.Step + s);
            }
        }
    }

    /// <summary>
    /// Computes A·g·Aᵀ of a tile of every channel, a gradient's way back through <see cref="Scatter"/>. Samples beyond the batch count
    /// nothing.
    /// </summary>
    private void Spread(float* gradient_CHWS, int channels, SampleBatch batch, TileBlock block, int tile, float* to_XCN)
    {
        var (top, left) = Corner(block.First + tile);
        bool below = top + 1 < _height, beside = left + 1 < _width;
        nint plane = (nint)channels * block.Columns, down = (nint)_width * batch.Step;
        float* to = to_XCN + (tile * block.Samples);
        for (int c = 0; c < channels; c++, to += block.Columns)
        {
            float* g = gradient_CHWS + ((((((nint)c * _height) + top) * _width) + left) * batch.Step) + block.Sample;
            for (int s = 0; s < block.Samples; s += Lanes)
            {
                int count = batch.Count - block.Sample - s;
                var g00 = Samples(g + s, count);
                var g01 = beside ? Samples(g + batch.Step + s, count) : Vector512<float>.Zero;
                var g10 = below ? Samples(g + down + s, count) : Vector512<float>.Zero;
                var g11 = below && beside ? Samples(g + down + batch.Step + s, count) : Vector512<float>.Zero;
                Put((g00, g00 + g01, g00 - g01, -g01), to + s, plane);
                var (s0, s1, d0, d1) = (g00 + g10, g01 + g11, g00 - g10, g01 - g11);
                Put((s0, s0 + s1, s0 - s1, -s1), to + s + (4 * plane), plane);
                Put((d0, d0 + d1, d0 - d1, -d1), to + s + (8 * plane), plane);
                Put((-g10, -(g10 + g11), g11 - g10, g11), to + s + (12 * plane), plane);
            }
        }
    }

    /// <summary>Returns Bᵀ·d.</summary>
    private static (Vector512<float> V0, Vector512<float> V1, Vector512<float> V2, Vector512<float> V3) Patch(
        Vector512<float> d0, Vector512<float> d1, Vector512<float> d2, Vector512<float> d3) => (d0 - d2, d1 + d2, d2 - d1, d1 - d3);

    /// <summary>Returns G·g.</summary>
    private static (Vector512<float> U0, Vector512<float> U1, Vector512<float> U2, Vector512<float> U3) Kernel(
        Vector512<float> g0, Vector512<float> g1, Vector512<float> g2) => (g0, (g0 + g2 + g1) * 0.5f, (g0 + g2 - g1) * 0.5f, g2);

    /// <summary>Returns Gᵀ·u.</summary>
    private static (Vector512<float> W0, Vector512<float> W1, Vector512<float> W2) KernelBack(
        Vector512<float> u0, Vector512<float> u1, Vector512<float> u2, Vector512<float> u3) =>
        (u0 + ((u1 + u2) * 0.5f), (u1 - u2) * 0.5f, ((u1 + u2) * 0.5f) + u3);

    /// <summary>Returns Aᵀ·m of one column of the 4×4.</summary>
    private static (Vector512<float> Y0, Vector512<float> Y1) Sum(float* m, int column, nint plane)
    {
        m += column * plane;
        var (m0, m1, m2, m3) = (Vector512.Load(m), Vector512.Load(m + (4 * plane)), Vector512.Load(m + (8 * plane)),
            Vector512.Load(m + (12 * plane)));
        return (m0 + m1 + m2, m1 - m2 - m3);
    }

    /// <summary>Writes a row of the 4×4, whose neighbours are one plane apart, or a column, where they are four planes apart.</summary>
    private static void Put((Vector512<float> V0, Vector512<float> V1, Vector512<float> V2, Vector512<float> V3) four, float* to, nint step)
    {
        four.V0.Store(to);
        four.V1.Store(to + step);
        four.V2.Store(to + (2 * step));
        four.V3.Store(to + (3 * step));
    }

    private static Vector512<float> Samples(float* from, int count) =>
        count >= Lanes ? Vector512.Load(from) : count <= 0 ? Vector512<float>.Zero : Load(from, count);

    private static Vector512<float> Load(float* from, int count)
    {
        if (count >= Lanes) return Vector512.Load(from);
        Vector512<float> vector = default;
        Buffer.MemoryCopy(from, &vector, sizeof(Vector512<float>), count * sizeof(float));
        return vector;
    }

    private static void Store(Vector512<float> vector, float* to, int count)
    {
        if (count >= Lanes) vector.Store(to);
        else Buffer.MemoryCopy(&vector, to, count * sizeof(float), count * sizeof(float));
    }

    private static float* Allocate(int count)
    {
        nuint bytes = (nuint)count * sizeof(float);
        var memory = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    /// <summary>Returns the place of the tile's upper left pixel in y.</summary>
    private (int Top, int Left) Corner(int tile) => (tile / TilesAcross * 2, tile % TilesAcross * 2);

    /// <summary>Cuts tiles × samples into blocks.</summary>
    private IEnumerable<TileBlock> Blocks(SampleBatch batch)
    {
        int tiles = TilesDown * TilesAcross;
        for (int sample = 0; sample < batch.Step; sample += Block)
        {
            int samples = Math.Min(Block, batch.Step - sample), together = Block / samples;
            for (int tile = 0; tile < tiles; tile += together) yield return new(tile, Math.Min(together, tiles - tile), sample, samples);
        }
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_x_XCN);
        NativeMemory.AlignedFree(_y_XCN);
        NativeMemory.AlignedFree(_w_XOI);
        NativeMemory.AlignedFree(_zeros);
    }

    private readonly record struct TileBlock(int First, int Tiles, int Sample, int Samples)
    {
        public int Columns => Tiles * Samples;
    }
}
