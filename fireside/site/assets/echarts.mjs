// Only what our charts draw (LOOK.md §7: no pies, no 3-D, no legend). A new chart type is a new line here, then `make assets`.
import { use, init, graphic, getInstanceByDom } from 'echarts/core'
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  AriaComponent, DatasetComponent, GridComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent, TooltipComponent, VisualMapComponent,
} from 'echarts/components'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

use([
  BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart, AriaComponent, DatasetComponent, GridComponent, MarkAreaComponent,
  MarkLineComponent, MarkPointComponent, TooltipComponent, VisualMapComponent, LabelLayout, SVGRenderer,
  CanvasRenderer, // for the PNG of a chart
])
window.echarts = { init, graphic, getInstanceByDom }
