using Grains.Interfaces.Model.Randomness;

namespace Grains.Training.Data;

/// <summary>The content of a phantom patch, whose number is its label.</summary>
internal enum PhantomClass
{
    Background,
    Clavicles,
    Lungs,
    Heart,
}

/// <summary>
/// Paints one patch of a chest X-ray as a sum of shadows, where more absorption is brighter. x runs right and y down, in pixels from the
/// patch's middle. It is a drawing, not physics. It has enough structure that a convolution finds more than a weighted sum of pixels.
/// </summary>
internal static class PhantomPainter
{
    public const int Side = 32;

    public static void Paint(PhantomClass shown, KeyedStream random, Span<float> patch)
    {
        patch.Clear();
        switch (shown)
        {
            case PhantomClass.Background:
                SoftTissue(random, patch);
                break;
            case PhantomClass.Clavicles:
                Lung(random, patch, ribContrast: Between(random, 0.02, 0.10));
                Clavicle(random, patch);
                break;
            case PhantomClass.Lungs:
                Lung(random, patch, ribContrast: Between(random, 0.07, 0.20));
                break;
            case PhantomClass.Heart:
                Lung(random, patch, ribContrast: Between(random, 0.02, 0.12));
                HeartShadow(random, patch);
                break;
        }
        Texture(random, patch, cells: 5, contrast: 0.05f);
        Expose(random, patch);
    }

    /// <summary>
    /// Paints shoulder, flank or abdomen: an even grey that darkens outward (right, give or take). At times it reaches the body's edge and
    /// dark air beyond.
    /// </summary>
    private static void SoftTissue(KeyedStream random, Span<float> patch)
    {
        float level = Between(random, 0.32, 0.66);
        float outward = Between(random, -1.3, 1.3), nx = MathF.Cos(outward), ny = MathF.Sin(outward);
        float slope = Between(random, 0, 0.014);
        bool edge = random.NextDouble() < 0.45;
        float edgeAt = Between(random, -4, 14), edgeWidth = Between(random, 1, 3), air = Between(random, 0.05, 0.25);
        // Muscle and fat lie in broad, faint sheets.
        float sheet = Between(random, 0, 0.06), sheetLength = Between(random, 12, 30), phase = Between(random, 0, MathF.Tau);
        ForEach(patch, (x, y) =>
        {
            float across = nx * x + ny * y;
            float tissue = level - slope * across + sheet * MathF.Sin(MathF.Tau * across / sheetLength + phase);
            return edge ? tissue + (air - tissue) * Step((across - edgeAt) / edgeWidth) : tissue;
        });
    }

    /// <summary>Paints a lung: air-filled, dark, crossed by oblique ribs and thin vessels.</summary>
    private static void Lung(KeyedStream random, Span<float> patch, float ribContrast)
    {
        float level = Between(random, 0.20, 0.38);
        float period = Between(random, 13, 19), phase = Between(random, 0, 1);
        float slant = Between(random, 0.15, 0.6) * Sign(random), bend = Between(random, -0.012, 0.012);
        ForEach(patch, (x, y) =>
        {
            float alongSpine = (y + slant * x + bend * x * x) / period + phase;
            return level + ribContrast * Step(4 * (MathF.Cos(MathF.Tau * alongSpine) - 0.1f));
        });
        int vessels = 2 + random.NextInt(4);
        for (int i = 0; i < vessels; i++) Vessel(random, patch);
    }

    private static void Vessel(KeyedStream random, Span<float> patch)
    {
        var (nx, ny) = Direction(random);
        float at = Between(random, -14, 14), width = Between(random, 0.6, 1.4), contrast = Between(random, 0.02, 0.10);
        ForEach(patch, (x, y) => contrast * Bell((nx * x + ny * y - at) / width));
    }

    /// <summary>Paints one thick bone across the patch. It is brighter at both rims, where the beam meets more of its hard shell.</summary>
    private static void Clavicle(KeyedStream random, Span<float> patch)
    {
        float middle = Between(random, -7, 7), slant = Between(random, 0.1, 0.6) * Sign(random), bend = Between(random, -0.010, 0.010);
        float halfWidth = Between(random, 3.5, 6), contrast = Between(random, 0.14, 0.30);
        ForEach(patch, (x, y) =>
        {
            float off = MathF.Abs(y - middle - slant * x - bend * x * x) / MathF.Sqrt(1 + slant * slant);
            float body = Step((halfWidth - off) / 0.7f);
            return contrast * (0.75f * body + 0.4f * Bell((off - halfWidth + 1) / 1.0f));
        });
    }

    /// <summary>Paints a large round shadow that enters from one side and covers a third to all of the patch.</summary>
    private static void HeartShadow(KeyedStream random, Span<float> patch)
    {
        float radius = Between(random, 22, 45), reach = Between(random, -3, 16);
        float side = Sign(random), tilt = Between(random, -0.6, 0.6);
        float cx = side * (radius - reach) * MathF.Cos(tilt), cy = (radius - reach) * MathF.Sin(tilt);
        float contrast = Between(random, 0.18, 0.38), blur = Between(random, 0.8, 2.0);
        ForEach(patch, (x, y) =>
        {
            float inside = radius - MathF.Sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
            return contrast * Step(inside / blur);
        });
    }

    /// <summary>Paints soft blotches: random heights on a coarse grid, interpolated.</summary>
    private static void Texture(KeyedStream random, Span<float> patch, int cells, float contrast)
    {
        Span<float> grid = stackalloc float[(cells + 1) * (cells + 1)];
        foreach (ref float height in grid) height = contrast * (float)random.NextNormal();
        for (int row = 0; row < Side; row++)
        {
            float gy = row * cells / (float)Side, fy = gy - (int)gy;
            for (int column = 0; column < Side; column++)
            {
                float gx = column * cells / (float)Side, fx = gx - (int)gx;
                int at = (int)gy * (cells + 1) + (int)gx;
                float above = grid[at] + fx * (grid[at + 1] - grid[at]);
                float below = grid[at + cells + 1] + fx * (grid[at + cells + 2] - grid[at + cells + 1]);
                patch[row * Side + column] += above + fy * (below - above);
            }
        }
    }

    /// <summary>
    /// Applies brightness and contrast of the shot, then noise. The result is rounded to the 256 greys of a scan. So the last bit of a
    /// cosine on another processor does not change the data.
    /// </summary>
    private static void Expose(KeyedStream random, Span<float> patch)
    {
        float gain = Between(random, 0.85, 1.2), offset = Between(random, -0.07, 0.07), noise = Between(random, 0.02, 0.07);
        foreach (ref float pixel in patch)
        {
            float value = gain * pixel + offset + noise * Grain(random.NextUInt32());
            pixel = MathF.Round(255 * Math.Clamp(value, 0, 1)) / 255;
        }
    }

    /// <summary>
    /// A nearly normal number of deviation 1: the sum of the word's four bytes. One word a pixel makes thousands of patches quick.
    /// </summary>
    private static float Grain(uint word) =>
        ((int)(word & 255) + (int)(word >> 8 & 255) + (int)(word >> 16 & 255) + (int)(word >> 24) - 510) / 147.8f;

    private static void ForEach(Span<float> patch, Func<float, float, float> shadow)
    {
        const float Middle = (Side - 1) / 2f;
        for (int row = 0; row < Side; row++)
        {
            for (int column = 0; column < Side; column++) patch[row * Side + column] += shadow(column - Middle, row - Middle);
        }
    }

    private static float Between(KeyedStream random, double low, double high) => (float)(low + (high - low) * random.NextDouble());

    private static float Sign(KeyedStream random) => random.NextInt(2) == 0 ? -1 : 1;

    private static (float X, float Y) Direction(KeyedStream random)
    {
        float angle = Between(random, 0, MathF.Tau);
        return (MathF.Cos(angle), MathF.Sin(angle));
    }

    /// <summary>A soft step: 0 far below zero, 1 far above, and soft between −2 and 2.</summary>
    private static float Step(float t) => 1 / (1 + MathF.Exp(-2 * t));

    private static float Bell(float t) => MathF.Exp(-0.5f * t * t);
}
